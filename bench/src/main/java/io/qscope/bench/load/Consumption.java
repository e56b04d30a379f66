package io.qscope.bench.load;

import java.util.concurrent.TimeUnit;

/** How many operations a turn will do: half as many again as its best one did, so that what was made ready lasts. */
final class Consumption {

    private static final double RESERVE = 1.5;

    private double perSecond;
    private boolean learned;

    /** From a first guess, in operations a second. */
    Consumption(double perSecond) {
        this.perSecond = perSecond;
    }

    long expected(Load load, long nanos) {
        return load.isOpen()
                ? load.callsWithin(nanos)
                : (long) Math.ceil(perSecond * RESERVE * nanos / TimeUnit.SECONDS.toNanos(1)) + load.inFlight();
    }

    void learn(Run run) {
        perSecond = learned ? Math.max(perSecond, run.perSecond()) : run.perSecond();
        learned = true;
    }
}
