"""The application's health check: asks it as a client would. Exit 0 when it answers."""

import sys
from urllib.request import urlopen

try:
    with urlopen("http://127.0.0.1:8000/health", timeout=2) as answer:
        print(answer.read().decode().strip())
except OSError as error:
    sys.exit(f"the application does not answer: {error}")
