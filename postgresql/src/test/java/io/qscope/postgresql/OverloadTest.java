package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.CallOutcome;
import io.qscope.store.Storage;
import io.qscope.store.StorageCall;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.TableName;
import io.qscope.tck.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More is asked for than can be done in time, or much of it fails: what can be done is, together, and afterwards all is as before. */
@Tag("long")
@Timeout(180)
class OverloadTest {

    private static final int LARGEST_GROUP = 16;

    private String schema;
    private Rows rows;
    private Storage patient;
    private OAuthClient client;
    private final Queue<StorageCall> told = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void open() throws Exception {
        schema = TestServer.newSchema();
        patient = Storage.open(TestServer.location(schema));
        rows = new Rows(patient, new Random());
        client = rows.storedClient();
    }

    @AfterEach
    void close() {
        patient.close();
    }

    private Storage narrow(int callSeconds) {
        return PostgresqlStorage.builder(TestServer.location(schema) + "&call_timeout=" + callSeconds)
                .connections(1)
                .maxGroupSize(LARGEST_GROUP)
                .listener(told::add)
                .open();
    }

    /** As long for many rows as for one. */
    private void slowDownInserts() throws Exception {
        TestServer.run("CREATE FUNCTION " + schema + ".slow() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN PERFORM pg_sleep(0.02); RETURN NULL; END';"
                + " CREATE TRIGGER slow AFTER INSERT ON " + schema + ".oauth_access_tokens"
                + " FOR EACH STATEMENT EXECUTE FUNCTION " + schema + ".slow()");
    }

    /**
     * At 20 ms a statement a second has room for 50 groups, and so for 800 units: of thousands that wait, each has next to no time left when
     * its turn comes. If it went alone for that, 50 a second would be done for as long as more are asked for.
     */
    @Test
    void whatHasLittleTimeLeftStillTravelsTogether() throws Exception {
        slowDownInserts();
        try (Storage narrow = narrow(2)) {
            int wanted = 1_000;
            AtomicInteger done = new AtomicInteger();
            Queue<Throwable> others = new ConcurrentLinkedQueue<>();
            List<CompletableFuture<?>> callers = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                CompletableFuture<Void> enough = new CompletableFuture<>();
                callers.add(enough);
                insert(narrow, done, wanted, others, enough);
            }
            for (CompletableFuture<?> caller : callers) {
                caller.get(120, TimeUnit.SECONDS);
            }
            assertThat(others).as("failures that are no lack of time").isEmpty();
            Eventually.holds("all are told of", () -> committed() >= wanted);
            assertThat(statements())
                    .as("statements for " + committed() + " inserts")
                    .isLessThan(committed() / (LARGEST_GROUP / 2.0));

            told.clear();
            for (int round = 0; round < 10; round++) {
                List<CompletableFuture<Void>> calls = new ArrayList<>();
                for (int i = 0; i < LARGEST_GROUP; i++) {
                    calls.add(narrow.accessTokens().insert(rows.accessToken(client), RayId.random()));
                }
                for (CompletableFuture<Void> call : calls) {
                    call.get(10, TimeUnit.SECONDS);
                }
            }
        }
    }

    /** Inserts for as long as fewer than so many are done, one after the other, whether they fail or not. */
    private void insert(
            Storage by, AtomicInteger done, int wanted, Queue<Throwable> others, CompletableFuture<Void> enough) {
        CompletableFuture<?> unused = by.accessTokens()
                .insert(rows.accessToken(client), RayId.random())
                .whenComplete((nothing, failure) -> {
                    if (failure == null) {
                        done.incrementAndGet();
                    } else if (!(failure instanceof StorageUnavailableException)) {
                        others.add(failure);
                    }
                    if (done.get() < wanted) {
                        insert(by, done, wanted, others, enough);
                    } else {
                        enough.complete(null);
                    }
                });
    }

    private List<StorageCall> inserts() {
        return told.stream()
                .filter(call -> call.table() == TableName.ACCESS_TOKENS && call.outcome() == CallOutcome.OK)
                .toList();
    }

    private int committed() {
        return inserts().size();
    }

    /** Each call is the nth part of a group of n. */
    private double statements() {
        return inserts().stream().mapToDouble(call -> 1.0 / call.groupSize()).sum();
    }

    /** Whoever sends what fails makes groups smaller, down to one; that ends when he does. */
    @Test
    void groupsGrowAgainThatFailuresHaveMadeSmall() throws Exception {
        try (Storage narrow = narrow(60)) {
            List<CompletableFuture<?>> losers = new ArrayList<>();
            for (int i = 0; i < 10 * LARGEST_GROUP; i++) {
                losers.add(narrow.unitOfWork(Attempt.of(Rows.NOW, "test"))
                        .consume(rows.digest())
                        .insert(rows.accessToken(client))
                        .commit(RayId.random()));
            }
            for (CompletableFuture<?> loser : losers) {
                loser.get(20, TimeUnit.SECONDS);
            }
            List<CompletableFuture<Void>> calls = new ArrayList<>();
            for (int i = 0; i < 100 * LARGEST_GROUP; i++) {
                calls.add(narrow.accessTokens().insert(rows.accessToken(client), RayId.random()));
            }
            for (CompletableFuture<Void> call : calls) {
                call.get(20, TimeUnit.SECONDS);
            }
            Eventually.holds("all are told of", () -> committed() == calls.size());
            assertThat(statements()).as("statements for " + calls.size()).isLessThan(200);
        }
    }
}
