package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Storage;
import io.qscope.tck.Rows;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls from an application's own Vert.x neither block its event loop nor leave the context that they were made on. */
@Timeout(60)
class VertxContextTest {

    private Vertx vertx;
    private Storage storage;
    private OAuthClient client;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        storage = PostgresqlStorage.builder(TestServer.location(TestServer.newSchema()))
                .vertx(vertx)
                .open();
        client = new Rows(storage, new Random(1)).storedClient();
    }

    @AfterEach
    void close() throws Exception {
        storage.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void futuresCompleteOnTheContextThatCalled() throws Exception {
        CompletableFuture<Context> called = new CompletableFuture<>();
        CompletableFuture<CompletableFuture<Context>> read = new CompletableFuture<>();
        CompletableFuture<CompletableFuture<Context>> written = new CompletableFuture<>();
        onAContext(() -> {
            called.complete(Vertx.currentContext());
            read.complete(
                    storage.clients().getById(client.id(), RayId.random()).thenApply(found -> Vertx.currentContext()));
            written.complete(
                    storage.clients().deleteById("none", RayId.random()).thenApply(done -> Vertx.currentContext()));
        });

        Context context = called.get(10, TimeUnit.SECONDS);
        assertThat(read.get(10, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS)).isSameAs(context);
        assertThat(written.get(10, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS)).isSameAs(context);
    }

    @Test
    void manyCallsAreHandedInWithoutWaiting() throws Exception {
        int count = 2_000;
        CompletableFuture<Long> nanos = new CompletableFuture<>();
        List<CompletableFuture<Optional<OAuthClient>>> calls = new ArrayList<>();
        onAContext(() -> {
            long begun = System.nanoTime();
            for (int i = 0; i < count; i++) {
                calls.add(storage.clients().getById(client.id(), RayId.random()));
            }
            nanos.complete(System.nanoTime() - begun);
        });
        assertThat(nanos.get(20, TimeUnit.SECONDS) / count)
                .as("nanoseconds a call")
                .isLessThan(TimeUnit.MILLISECONDS.toNanos(1));
        for (CompletableFuture<Optional<OAuthClient>> call : calls) {
            assertThat(call.get(20, TimeUnit.SECONDS)).contains(client);
        }
    }

    private void onAContext(Runnable work) {
        vertx.runOnContext(anything -> work.run());
    }

    /** The application goes on using its Vert.x. */
    @Test
    void closingTheStorageLeavesTheApplicationsVertxOpen() throws Exception {
        storage.close();
        CompletableFuture<String> still = new CompletableFuture<>();
        onAContext(() -> still.complete("open"));
        assertThat(still.get(10, TimeUnit.SECONDS)).isEqualTo("open");
    }
}
