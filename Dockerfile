# The app without a database: KB_NEO4J_URI names the Neo4j to use (see docker-compose.yml).
FROM python:3.12-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1

WORKDIR /app
COPY requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY kb kb
COPY schema schema
COPY loaders loaders
COPY app app
COPY seeds seeds
RUN pip install --no-deps --no-build-isolation . \
    && useradd --create-home --uid 10001 kb

USER kb
WORKDIR /home/kb
EXPOSE 8000
CMD ["kb", "serve", "--seeds", "--host", "0.0.0.0"]
