package io.qscope.bench;

import io.qscope.bench.data.DataSet;
import io.qscope.bench.data.Sample;
import io.qscope.bench.load.AsyncSide;
import io.qscope.bench.load.Load;
import io.qscope.bench.load.Side;
import io.qscope.bench.load.ThreadSide;
import io.qscope.bench.side.Operation;
import io.qscope.bench.side.QscopeCalls;
import io.qscope.bench.side.ServiceCalls;
import io.qscope.bench.side.SpringCallers;
import io.qscope.bench.side.SpringOnQscope;
import io.qscope.bench.side.SpringStorage;
import io.qscope.bench.side.Through;
import io.qscope.key.KeyRing;
import io.qscope.service.OAuthServices;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** qscope's side, by the storage or through the services. */
final class Ours implements AutoCloseable {

    private static final int MOST_FAMILIES = 20_000;
    private static final int FAMILIES_A_CALL = 4;

    /** Spring's interfaces block: so many threads call them, whatever arrives. */
    private static final int THREADS_OF_AN_OPEN_LOOP = 64;

    /** Before anything is known. */
    private static final double FIRST_GUESS = 8_000;

    private final Settings settings;
    private final KeyRing keys;
    private final Map<DataSet, OAuthServices> services = new HashMap<>();
    private final Map<DataSet, SpringStorage> springs = new HashMap<>();

    Ours(Settings settings, KeyRing keys) {
        this.settings = settings;
        this.keys = keys;
    }

    /** That refresh tokens are taken from: enough that no call waits for another's successor. */
    int families() {
        long calls = settings.loads().stream().mapToLong(this::underWay).max().orElse(1);
        long rows = settings.rows().stream().mapToInt(Integer::intValue).max().orElse(1);
        return (int) Math.max(FAMILIES_A_CALL * calls, Math.min(rows, MOST_FAMILIES));
    }

    /** At most, even when no call of an open loop were answered before the turn is over; within reason. */
    private long underWay(Load load) {
        long turn = (long) (settings.seconds() * TimeUnit.SECONDS.toNanos(1));
        return load.isOpen() ? Math.min(load.callsWithin(turn), MOST_FAMILIES) : load.inFlight();
    }

    /** Loads what is called otherwise than a data set holds. */
    void ready(DataSet data) throws Exception {
        if (settings.through() == Through.SPRING) {
            springs.put(data, SpringOnQscope.on(data));
        }
    }

    Side side(String name, DataSet data, Operation operation, Load load) {
        return switch (settings.through()) {
            case STORAGE -> new AsyncSide(name, load, new QscopeCalls(operation, data, families()), FIRST_GUESS);
            case SERVICES ->
                new AsyncSide(
                        name,
                        load,
                        new ServiceCalls(operation, data, services.computeIfAbsent(data, this::open), families()),
                        FIRST_GUESS);
            case SPRING ->
                new ThreadSide(
                        name,
                        load,
                        load.isOpen() ? THREADS_OF_AN_OPEN_LOOP : load.inFlight(),
                        new SpringCallers(operation, Objects.requireNonNull(springs.get(data), "not ready")),
                        FIRST_GUESS);
        };
    }

    private OAuthServices open(DataSet data) {
        return OAuthServices.builder(data.storage(), keys)
                .clock(() -> Sample.NOW)
                .build();
    }

    @Override
    public void close() {
        services.values().forEach(OAuthServices::close);
    }
}
