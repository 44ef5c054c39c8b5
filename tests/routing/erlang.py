"""What queueing theory says of one pooled queue: the yardstick of the simulation.

Erlang C: nobody gives up. Erlang A: everyone has a patience, exponential. Times are seconds.
Sources: A. K. Erlang 1917; C. Palm 1957; Garnett, Mandelbaum and Reiman 2002.
"""

from math import exp, factorial


def waits(load: float, advisors: int) -> float:
    """Erlang C: the chance that somebody has to wait at all. `load` is in erlangs."""
    busy = load**advisors / factorial(advisors) * advisors / (advisors - load)
    return busy / (sum(load**n / factorial(n) for n in range(advisors)) + busy)


def within(load: float, advisors: int, handling: float, seconds: float) -> float:
    """Erlang C: the share answered in this time."""
    return 1 - waits(load, advisors) * exp(-(advisors - load) * seconds / handling)


def mean_wait(load: float, advisors: int, handling: float) -> float:
    """Erlang C: the mean over everyone, those who did not wait included."""
    return waits(load, advisors) * handling / (advisors - load)


def give_up(load: float, advisors: int, handling: float, patience: float) -> float:
    """Erlang A: the share who leave before they are answered."""
    come, end, leave = load / handling, 1 / handling, 1 / patience
    chance, whole, in_line = 1.0, 1.0, 0.0
    for n in range(1, advisors * 20 + 400):
        waiting = max(0, n - advisors)
        chance *= come / (min(n, advisors) * end + waiting * leave)
        whole += chance
        in_line += chance * waiting
    return in_line / whole * leave / come
