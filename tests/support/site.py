"""A page and a service worker for tests of the push machinery alone, served on loopback; it notes what the worker reports."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

PAGE = "<!doctype html><meta charset=utf-8><title>push</title><link rel=icon href=data:,><p>push"
WORKER = """
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
self.addEventListener('push', event => {
  const { notification } = event.data.json();
  const { title, navigate, ...options } = notification;
  event.waitUntil(self.registration.showNotification(title, { ...options, data: { ...options.data, navigate } })
    .then(() => fetch('/shown/' + notification.data.t, { method: 'POST' })));
});
self.addEventListener('notificationclick', event => {
  const { t, navigate } = event.notification.data;
  event.notification.close();
  event.waitUntil(event.action
    ? fetch(`/acted/${t}/${event.action}`, { method: 'POST' })
    : self.clients.openWindow(navigate));
});
"""
SUBSCRIBE = """
  const registration = await navigator.serviceWorker.register('/worker.js');
  await navigator.serviceWorker.ready;
  const bytes = Uint8Array.from(atob(args[0].replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes });
  return subscription.toJSON();
"""
"""Body of an async function; args[0] is the public VAPID key."""


class Site:
    """A context manager; `reports` are the paths that the worker posted to."""

    def __init__(self) -> None:
        self.reports: list[str] = []

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(self.reports))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"


def _answering(reports: list[str]) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            worker = self.path == "/worker.js"
            self._say("text/javascript" if worker else "text/html", WORKER if worker else PAGE)

        def do_POST(self) -> None:
            reports.append(self.path)
            self._say("text/plain", "")

        def _say(self, kind: str, body: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *said: object) -> None:
            """Quiet."""

    return Answering
