// The load: one line of JSON in, one out, for every round, until the input ends.
//
// In: {port, path, bodies, concurrency, seconds, requests}. As many connections as the concurrency says stay
// open, each with one request under way; the bodies take turns. A round ends after the seconds or the requests.
// Out: {requests, failed, seconds, p50, p95, cpu}: answers without errors and with, times in milliseconds, and the
// CPU seconds of this process. What failed counts in no other number.

import { connect } from "node:net";
import { createInterface } from "node:readline";

const EMPTY = Buffer.alloc(0);

// Where the answer in the buffer ends, or -1 while it is not whole.
function endOf(buffer) {
  const head = buffer.indexOf("\r\n\r\n");
  if (head < 0) return -1;
  const headers = buffer.latin1Slice(0, head).toLowerCase();
  const length = /\r\ncontent-length: *(\d+)/.exec(headers);
  if (length) {
    const end = head + 4 + Number(length[1]);
    return buffer.length >= end ? end : -1;
  }
  const last = buffer.indexOf("\r\n0\r\n\r\n", head + 2);
  return last < 0 ? -1 : last + 7;
}

function failed(buffer) {
  return !buffer.latin1Slice(0, 15).startsWith("HTTP/1.1 200") || buffer.includes('"errors":');
}

function round({ port, path, bodies, concurrency, seconds = Infinity, requests = Infinity }) {
  const messages = bodies.map((body) => {
    const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n`;
    return Buffer.from(`${head}accept: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });
  const times = [];
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const until = begun + seconds * 1000;
  let sent = 0;
  let wrong = 0;

  function client() {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port, noDelay: true });
      let buffer = EMPTY;
      let start = 0;
      const next = () => {
        if (sent >= requests || performance.now() >= until) return socket.end();
        start = performance.now();
        socket.write(messages[sent++ % messages.length]);
      };
      socket.on("connect", next);
      socket.on("data", (chunk) => {
        buffer = buffer.length ? Buffer.concat([buffer, chunk]) : chunk;
        const end = endOf(buffer);
        if (end < 0) return;
        if (failed(buffer)) wrong++;
        else times.push(performance.now() - start);
        buffer = EMPTY;
        next();
      });
      socket.on("error", reject);
      socket.on("close", resolve);
    });
  }

  return Promise.all(Array.from({ length: concurrency }, client)).then(() => {
    const took = (performance.now() - begun) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? null;
    const spent = (user + system) / 1e6;
    return { requests: times.length, failed: wrong, seconds: took, p50: at(0.5), p95: at(0.95), cpu: spent };
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await round(JSON.parse(line))));
}
