package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.tck.Rows;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The event loop that a storage works on ends before the storage is closed: every call is answered all the same. */
@Timeout(120)
class LoopEndTest {

    private static final int CALLS = 20;

    /** How it ends. */
    enum End {
        /** The application closes its Vert.x, which waits for connections, and so for calls under way until their time is over. */
        VERTX_CLOSED(3) {
            @Override
            Future<?> bringAbout(Vertx vertx) {
                return vertx.close().toCompletionStage().toCompletableFuture();
            }
        },
        /** The loops' threads end, and Vert.x knows nothing of it. No answer comes because a call's time is over. */
        THREADS_DEAD(300) {
            @Override
            Future<?> bringAbout(Vertx vertx) {
                return ((VertxInternal) vertx).nettyEventLoopGroup().shutdownGracefully(0, 1, TimeUnit.SECONDS);
            }
        };

        private final int callSeconds;

        End(int callSeconds) {
            this.callSeconds = callSeconds;
        }

        abstract Future<?> bringAbout(Vertx vertx);
    }

    private Vertx vertx;
    private Wire wire;
    private String schema;
    private Rows rows;
    private OAuthClient client;

    @BeforeEach
    void open() throws Exception {
        schema = TestServer.newSchema();
        try (Storage patient = Storage.open(TestServer.location(schema))) {
            rows = new Rows(patient, new Random());
            client = rows.storedClient();
        }
        vertx = Vertx.vertx();
        wire = new Wire(TestServer.port());
    }

    private Storage opened(End end) {
        return PostgresqlStorage.builder(TestServer.location(wire.port(), schema) + "&call_timeout=" + end.callSeconds)
                .connections(1)
                .vertx(vertx)
                .open();
    }

    @AfterEach
    void close() throws Exception {
        wire.close();
    }

    private CompletableFuture<?> read(Storage storage) {
        return storage.clients().getById(client.id(), RayId.random());
    }

    private CompletableFuture<?> write(Storage storage) {
        return storage.unitOfWork(Attempt.of(Rows.NOW, "test"))
                .insert(rows.accessToken(client))
                .insert(rows.auditLog())
                .commit(RayId.random());
    }

    private static StorageUnavailableException failure(CompletableFuture<?> call) throws Exception {
        Throwable failure = call.handle((done, failed) -> failed).get(20, TimeUnit.SECONDS);
        assertThat(failure).isInstanceOf(StorageUnavailableException.class);
        return (StorageUnavailableException) failure;
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void everyCallIsAnsweredAndTheStorageCloses(End end) throws Exception {
        try (Storage storage = opened(end)) {
            read(storage).get(20, TimeUnit.SECONDS);
            write(storage).get(20, TimeUnit.SECONDS);
            int before = wire.transactions();
            wire.stall();
            CompletableFuture<?> committing = write(storage);
            Eventually.holds("a unit is under way", () -> wire.transactions() > before);
            List<CompletableFuture<?>> others = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                others.add(write(storage));
                others.add(read(storage));
            }
            Future<?> ending = end.bringAbout(vertx);

            assertThat(failure(committing).outcomeUnknown()).isTrue();
            for (CompletableFuture<?> call : others) {
                assertThat(failure(call).outcomeUnknown()).isFalse();
            }
            ending.get(30, TimeUnit.SECONDS);
            for (int i = 0; i < CALLS; i++) {
                assertThat(failure(read(storage))).hasMessageContaining("closed");
                assertThat(failure(write(storage)))
                        .hasMessageContaining("closed")
                        .matches(failed -> !failed.outcomeUnknown(), "is known not to be applied");
            }
            CompletableFuture<Void> closing = CompletableFuture.runAsync(storage::close);
            assertThat(closing).succeedsWithin(20, TimeUnit.SECONDS);
        }
    }

    /** Calls come from many threads, before it ends, while it ends, and after. */
    @ParameterizedTest
    @EnumSource(End.class)
    void everyCallIsAnsweredThatIsMadeMeanwhile(End end) throws Exception {
        try (Storage storage = opened(end)) {
            List<CompletableFuture<Integer>> callers = new ArrayList<>();
            CompletableFuture<Void> hasEnded = new CompletableFuture<>();
            for (int i = 0; i < 4; i++) {
                callers.add(
                        CompletableFuture.supplyAsync(() -> call(storage, hasEnded), task -> new Thread(task).start()));
            }
            write(storage).get(20, TimeUnit.SECONDS);
            end.bringAbout(vertx).get(30, TimeUnit.SECONDS);
            hasEnded.complete(null);
            for (CompletableFuture<Integer> caller : callers) {
                assertThat(caller.get(60, TimeUnit.SECONDS)).isPositive();
            }
        }
    }

    /** Calls until it has ended, and a while longer; returns how often it was told so. */
    private int call(Storage storage, CompletableFuture<Void> hasEnded) {
        int told = 0;
        while (told < CALLS) {
            List<CompletableFuture<Throwable>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                calls.add(write(storage).handle((done, failure) -> failure));
                calls.add(read(storage).handle((done, failure) -> failure));
            }
            boolean ended = hasEnded.isDone();
            for (CompletableFuture<Throwable> call : calls) {
                Throwable failure = call.orTimeout(20, TimeUnit.SECONDS).join();
                told += ended && failure instanceof StorageUnavailableException ? 1 : 0;
            }
        }
        return told;
    }
}
