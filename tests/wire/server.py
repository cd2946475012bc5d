#!/usr/bin/env python3
"""The server whose time is known: server.py PORT SECONDS

Each request, with its body, is answered after SECONDS: with 1,000 bytes, or, with
?to=URL, with a redirect to there. It is a proxy as well: CONNECT leads to the port
asked for at the wire's server end, whatever the host."""
import http.server
import socket
import sys
import threading
import time
import urllib.parse


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one packet

    def do_GET(self):
        self.rfile.read(int(self.headers.get('Content-Length', 0)))
        time.sleep(SECONDS)
        to = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query).get('to')
        body = b'' if to else b'x' * 1000
        self.send_response(302 if to else 200)
        if to:
            self.send_header('Location', to[0])
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def do_CONNECT(self):
        port = int(self.path.rpartition(':')[2])
        with socket.create_connection(('10.99.0.2', port)) as there:
            for end in there, self.connection:
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.wfile.write(b'HTTP/1.1 200 OK\r\n\r\n')
            self.wfile.flush()
            back = threading.Thread(target=pump, args=(there, self.connection))
            back.start()
            pump(self.connection, there)
            back.join()
        self.close_connection = True

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


SECONDS = float(sys.argv[2])
Server(('', int(sys.argv[1])), Handler).serve_forever()
