package io.qscope.bench;

import io.qscope.bench.data.ServerAddress;
import io.qscope.bench.load.Load;
import io.qscope.bench.side.Operation;
import io.qscope.bench.side.Through;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be measured.
 *
 * @param server where PostgreSQL is; none: one is started
 * @param loads each for itself
 * @param rows access tokens at the start, each for itself
 * @param peerConnections of {@code jdbc}'s pool; 0: 32, of which the best number of threads uses as many as they are
 * @param peerCallers of {@code spring} and {@code shipped}; 0: the best of several
 * @param peerRows access tokens at the start of {@code self}; 0: as many as ours
 * @param batch operations in a transaction of {@code batch}
 * @param purge expired rows that are purged beside qscope; 0: none
 * @param chained whether qscope chains its audit entries
 * @param connections that qscope writes PostgreSQL by; 0: its own default
 * @param readers threads that read SQLite, or connections that qscope reads PostgreSQL by; 0: its own default
 * @param seconds how long each side works in a round
 * @param folder where databases are made
 * @param charts where charts are put; none: nowhere
 */
record Settings(
        Engine engine,
        @Nullable ServerAddress server,
        List<Operation> operations,
        List<Load> loads,
        List<Integer> rows,
        Peer peer,
        int peerConnections,
        int peerCallers,
        int peerRows,
        int batch,
        int purge,
        Through through,
        boolean chained,
        int rounds,
        int warmUps,
        double seconds,
        int connections,
        int readers,
        int walAutocheckpoint,
        Map<String, String> serverSettings,
        Path folder,
        @Nullable Path json,
        @Nullable Path charts) {

    /** What it runs on. */
    enum Engine {
        SQLITE,
        POSTGRESQL
    }

    /** Who is beside it. */
    enum Peer {
        JDBC,
        BATCH,
        SPRING,
        SHIPPED,
        SELF,
        NONE
    }
}
