"""An attempt that is a request: `http`."""

from __future__ import annotations

import logging
import queue
import threading
from contextlib import suppress

from smartspec.commands.runs import LogWriter
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.jsontext import as_mapping
from smartspec.runner.engine.attempt import Attempt, sentence_of
from smartspec.runner.kinds import http

logger = logging.getLogger(__name__)
_POLL_SECONDS = 0.05
_LONGEST_BODY = 2000  # characters of an answer that was not expected


class RequestAttempt(Attempt):
    """On a thread of its own: a request cannot be broken off while it waits for an answer."""

    def _execute(self, log: LogWriter) -> AttemptResult:
        answers: queue.SimpleQueue[http.Answer | Exception] = queue.SimpleQueue()
        name = f"request {self.spec.name}"
        threading.Thread(target=self._ask, args=(log, answers), name=name, daemon=True).start()
        while not self._stopped.is_set():
            with suppress(queue.Empty):
                answer = answers.get(timeout=_POLL_SECONDS)
                return self._failed_request(answer) if isinstance(answer, Exception) else self._answered(answer)
        return self._cancelled()

    def _ask(self, log: LogWriter, answers: queue.SimpleQueue[http.Answer | Exception]) -> None:
        spec = self.spec
        timeout = spec.timeout_ms / 1000 if spec.timeout_ms is not None else None
        asked = http.Request(as_mapping(spec.body["http"]), spec.env, timeout, spec.mask)
        try:
            answers.put(http.request(asked, self._stopped, lambda data: log.write(spec.mask.bytes(data))))
        except Exception as error:  # noqa: BLE001 - the edge of a thread: handed over
            answers.put(error)

    def _cancelled(self) -> AttemptResult:
        return self._interrupted() or AttemptResult(status=TaskStatus.CANCELLED)

    def _failed_request(self, error: Exception) -> AttemptResult:
        logger.error("request of %s", self.spec.name, exc_info=error)
        return self._failed("http", f"The request failed. {sentence_of(error)}")

    def _answered(self, answer: http.Answer) -> AttemptResult:
        if self._stopped.is_set():
            return self._cancelled()
        if answer.timed_out and self.spec.timeout_ms is not None:
            return AttemptResult(status=TaskStatus.TIMEOUT, error=answer.error)
        if answer.status is None:
            return AttemptResult(status=TaskStatus.FAILED, reason="http", error=answer.error, result=answer.result())
        if http.is_expected(answer.status, as_mapping(self.spec.body["http"]).get("expect", "2xx")):
            return AttemptResult(status=TaskStatus.COMPLETED, result=answer.result())
        return AttemptResult(
            status=TaskStatus.FAILED,
            reason=f"http {answer.status}",
            error=f"The answer was {answer.status}, which `expect` does not allow.",
            result=answer.result(),
            excerpt=self.spec.mask.text(answer.body)[:_LONGEST_BODY] or None,  # masked before it is cut
        )
