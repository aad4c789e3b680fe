"""placeholder"""


def serve_forever(address, settings): ...
