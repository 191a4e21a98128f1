"""The proof that nothing protected follows from what is published. Imports nothing of the rule that hides."""

from stats.disclosure.audit.program import Program
from stats.disclosure.audit.proof import Exposed, Guarded, exposed
from stats.disclosure.audit.statement import Count, Fact, Statement, Terms, share_facts
from stats.disclosure.audit.worlds import Worlds

__all__ = ["Count", "Exposed", "Fact", "Guarded", "Program", "Statement", "Terms", "Worlds", "exposed", "share_facts"]
