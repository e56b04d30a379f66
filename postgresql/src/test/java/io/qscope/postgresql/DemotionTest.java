package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.tck.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A primary that is to be none any more, and that goes on answering. */
@Tag("long")
@Timeout(120)
class DemotionTest {

    private static final String CONNECTIONS =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'qscope' AND usename = 'server'";

    private static void setReadOnly(OwnServer server) throws Exception {
        server.run("ALTER SYSTEM SET default_transaction_read_only = on");
        server.run("SELECT pg_reload_conf()");
        Eventually.holds("it is read only", () -> "on".equals(server.ask("SHOW transaction_read_only")));
    }

    private static Throwable failure(CompletableFuture<?> call) throws Exception {
        return call.handle((done, failed) -> failed).get(20, TimeUnit.SECONDS);
    }

    /** It makes no connection to write, which would find the new primary. */
    @Test
    void aStorageThatOnlyReadsFollowsThePrimary() throws Exception {
        try (Cluster cluster = Cluster.started()) {
            try (Storage migrating = PostgresqlStorage.builder(cluster.location("qscope"))
                            .migrating(true)
                            .open();
                    Storage reading = Storage.open(cluster.location("qscope"))) {
                OAuthClient known = new Rows(migrating, new Random()).storedClient();
                assertThat(reading.clients().getById(known.id(), RayId.random()).get(10, TimeUnit.SECONDS))
                        .isPresent();
                setReadOnly(cluster.primary());
                cluster.promote();
                cluster.primary()
                        .run("SET synchronous_commit = local; ALTER ROLE postgres SET synchronous_commit = local");
                OAuthClient later;
                try (Storage writing = Storage.open(cluster.location("qscope"))) {
                    later = new Rows(writing, new Random()).storedClient();
                }
                Eventually.holds(
                        "what the new primary has is read",
                        () -> reading.clients()
                                .getById(later.id(), RayId.random())
                                .get(20, TimeUnit.SECONDS)
                                .isPresent());
            }
        }
    }

    /** Connections are left while new writes come in, and none that was just sent is cut off with them. */
    @Test
    void noWriteIsUnknownWhenOnlyTheSettingChanges() throws Exception {
        try (OwnServer server = OwnServer.started()) {
            String location =
                    "postgresql://postgres@127.0.0.1:" + server.port() + "/postgres?sslmode=disable&connections=16";
            try (Storage storage =
                    PostgresqlStorage.builder(location).migrating(true).open()) {
                OAuthClient client = new Rows(storage, new Random()).storedClient();
                AtomicInteger done = new AtomicInteger();
                AtomicInteger failed = new AtomicInteger();
                Queue<Throwable> unknown = new ConcurrentLinkedQueue<>();
                AtomicBoolean stop = new AtomicBoolean();
                Semaphore underWay = new Semaphore(64);
                List<Thread> writers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    writers.add(new Thread(() -> {
                        Rows rows = new Rows(storage, new Random());
                        while (!stop.get()) {
                            underWay.acquireUninterruptibly();
                            var unused = storage.accessTokens()
                                    .insert(rows.accessToken(client), RayId.random())
                                    .whenComplete((written, why) -> {
                                        underWay.release();
                                        (why == null ? done : failed).incrementAndGet();
                                        if (why instanceof StorageUnavailableException e && e.outcomeUnknown()) {
                                            unknown.add(why);
                                        }
                                    });
                        }
                    }));
                }
                writers.forEach(Thread::start);
                for (int round = 0; round < 20; round++) {
                    int before = done.get();
                    Eventually.holds("writes succeed", () -> done.get() > before + 200);
                    setReadOnly(server);
                    server.run("ALTER SYSTEM RESET default_transaction_read_only");
                    server.run("SELECT pg_reload_conf()");
                }
                stop.set(true);
                for (Thread writer : writers) {
                    writer.join();
                }
                underWay.acquire(64);
                assertThat(unknown).isEmpty();
                assertThat(failed).hasValue(0);
            }
        }
    }

    @Test
    void aWriteThatIsRefusedMakesEveryConnectionLeave() throws Exception {
        try (OwnServer server = OwnServer.started()) {
            String location = "postgresql://postgres@127.0.0.1:" + server.port()
                    + "/postgres?sslmode=disable&call_timeout=2&connect_timeout=2";
            PostgresqlStorage.builder(location).migrating(true).open().close();
            server.run("CREATE ROLE server LOGIN SUPERUSER");
            try (Storage storage = Storage.open(location.replace("postgres@", "server@"))) {
                Rows rows = new Rows(storage, new Random());
                OAuthClient client = rows.storedClient();
                storage.clients().getById(client.id(), RayId.random()).get(10, TimeUnit.SECONDS);
                storage.rowCounts(RayId.random()).get(10, TimeUnit.SECONDS);
                assertThat(Integer.parseInt(String.valueOf(server.ask(CONNECTIONS))))
                        .isGreaterThanOrEqualTo(3);
                setReadOnly(server);

                assertThat(failure(storage.accessTokens().insert(rows.accessToken(client), RayId.random())))
                        .isInstanceOfSatisfying(
                                StorageUnavailableException.class,
                                failed -> assertThat(failed.outcomeUnknown()).isFalse())
                        .hasMessageContaining("no server takes writes");
                Eventually.holds("nobody is connected", () -> "0".equals(server.ask(CONNECTIONS)));
            }
        }
    }
}
