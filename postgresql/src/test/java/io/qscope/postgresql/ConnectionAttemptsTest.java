package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.store.Guarantees;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that is away for days is tried again and again, which leaves nothing behind. */
@Timeout(60)
class ConnectionAttemptsTest {

    private static final int ATTEMPTS = 200;

    /** Live instances of a class, after a collection. */
    private static long instances(String name) throws Exception {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return histogram
                .lines()
                .map(line -> line.strip().split(" +", -1))
                .filter(columns -> columns.length >= 4 && columns[3].equals(name))
                .mapToLong(columns -> Long.parseLong(columns[1]))
                .sum();
    }

    @Test
    void refusedAttemptsLeaveNothingBehind() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Context loop = vertx.getOrCreateContext();
            PgConnectOptions nobody = new PgConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(OwnServer.freePort())
                    .setDatabase("none")
                    .setUser("none")
                    .setPassword("");
            Servers servers = new Servers(vertx, List.of(nobody), 1_000, false, Guarantees.all());
            attempt(loop, servers);
            long clients = instances("io.vertx.core.net.impl.NetClientImpl");
            long lines = instances(Line.class.getName());
            assertThat(clients).as("there is one, so named").isPositive();

            for (int i = 0; i < ATTEMPTS; i++) {
                attempt(loop, servers);
            }

            assertThat(instances("io.vertx.core.net.impl.NetClientImpl")).isLessThanOrEqualTo(clients);
            assertThat(instances(Line.class.getName())).isLessThanOrEqualTo(lines + 2);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    private static void onLoop(Context loop, Runnable work) {
        loop.runOnContext(tick -> work.run());
    }

    private static void attempt(Context loop, Servers servers) throws Exception {
        CompletableFuture<Throwable> failed = new CompletableFuture<>();
        onLoop(loop, () -> servers.connect().onComplete(done -> failed.complete(done.cause())));
        assertThat(failed.get(10, TimeUnit.SECONDS)).isInstanceOf(java.net.ConnectException.class);
    }
}
