"""Jobs of the record: seal every minute, verify every night."""

from procrastinate.contrib.django import app

from ronghe.kernel import clock
from ronghe.kernel.actors import SYSTEM


@app.periodic(cron="* * * * *")
@app.task(name="audit.seal", queueing_lock="audit.seal", pass_context=False)
def seal_settled_events(timestamp: int) -> int:
    """Seal what is settled; does nothing while another sealer works."""
    from . import services

    return services.seal_all(at=clock.now(), wait=False)


@app.periodic(cron="17 3 * * *")
@app.task(name="audit.verify", queueing_lock="audit.verify", pass_context=False)
def verify_record(timestamp: int) -> int:
    """Verify the whole record and keep what was found; returns the number of faults.

    What nobody would ever seal is taken back after it was reported, so that the next night finds the record whole.
    """
    from . import checking, services

    findings = checking.verify()
    services.keep_verification(findings=findings, against=(), actor=SYSTEM, at=clock.now())
    services.take_back(actor=SYSTEM, at=clock.now())
    return findings.fault_count
