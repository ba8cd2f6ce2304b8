from http.server import BaseHTTPRequestHandler, HTTPServer

from greeting import GREETING


class Greeter(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{GREETING}\n".encode())


HTTPServer(("", 8000), Greeter).serve_forever()
