package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.Row;
import io.qscope.store.CallOutcome;
import io.qscope.store.Guarantee;
import io.qscope.store.Storage;
import io.qscope.store.StorageCall;
import io.qscope.store.StorageListener;
import io.qscope.store.StorageOptions;
import io.qscope.store.TableName;
import io.qscope.store.ThrottleTable;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A listener is told of every call once, in the contract's words, and can harm none. */
abstract class ListenerContract extends ContractGroup {

    private static final int CALLERS = 16;

    /** What {@link Storage#close} may take, and a little for a busy machine. */
    private static final Duration CLOSING = Duration.ofSeconds(6);

    /** A call that was made, and what is to be told of it. */
    private record Made(String operation, @Nullable TableName table, RayId ray, CompletableFuture<?> answer) {}

    ListenerContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void everyCallIsToldOnceByItsNameTableAndRay() {
        Heard heard = new Heard(kit().patienceSeconds());
        Storage storage = listenedTo(heard);
        long began = System.nanoTime();
        List<Made> calls = everyCall(storage);

        calls.forEach(call -> answered(call.answer()));
        calls.forEach(call -> heard.of(call.ray()));
        long elapsed = System.nanoTime() - began;

        for (Made call : calls) {
            assertThat(heard.of(call.ray()))
                    .as("what is told of %s of %s", call.operation(), call.table())
                    .singleElement()
                    .satisfies(told -> {
                        assertThat(told.operation()).isEqualTo(call.operation());
                        assertThat(told.table()).isEqualTo(call.table());
                        assertThat(told.outcome().isFailure())
                                .isEqualTo(call.answer().isCompletedExceptionally());
                        assertThat(told.waiting()).isGreaterThanOrEqualTo(Duration.ZERO);
                        assertThat(told.running()).isGreaterThanOrEqualTo(Duration.ZERO);
                        assertThat(told.waiting().plus(told.running())).isLessThanOrEqualTo(Duration.ofNanos(elapsed));
                        assertThat(told.endedNanos() - began).isBetween(0L, elapsed);
                        assertThat(told.groupSize()).isPositive();
                    });
        }
        assertThat(heard.threads()).as("threads that are told").doesNotContain(Thread.currentThread());
    }

    @Test
    void winnersAndLosersAreToldApart() {
        Heard heard = new Heard(kit().patienceSeconds());
        Storage storage = listenedTo(heard);
        AuthorizationCode code = rows(storage).storedCode();
        RayId ray = ray();
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            calls.add(storage.authorizationCodes().consume(code.code(), attempt(NOW), ray));
        }

        calls.forEach(ContractGroup::await);

        List<CallOutcome> expected = new ArrayList<>(Collections.nCopies(CALLERS - 1, CallOutcome.ALREADY_CONSUMED));
        expected.add(CallOutcome.CONSUMED);
        assertThat(heard.of(ray, CALLERS))
                .extracting(StorageCall::outcome)
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void failuresAreToldByTheirKind() {
        Heard heard = new Heard(kit().patienceSeconds());
        Storage storage = listenedTo(heard);
        Rows rows = rows(storage);
        OAuthClient client = rows.storedClient();
        Authorization revoked = rows.storedAuthorization();
        await(storage.authorizations().revoke(revoked.id(), attempt(NOW), ray()));

        told(heard, CallOutcome.DUPLICATE_ROW, ray -> storage.clients().insert(client, ray));
        told(heard, CallOutcome.ROW_NOT_FOUND, ray -> storage.clients().update(rows.client(), ray));
        told(
                heard,
                CallOutcome.STALE_ROW,
                ray -> storage.clients().update(RecordFields.with(client, "version", 7L), ray));
        told(
                heard,
                CallOutcome.REVOKED_AUTHORIZATION,
                ray -> storage.accessTokens().insert(rows.accessToken(revoked), ray));
        if (claimed(Guarantee.FOREIGN_KEYS)) {
            told(
                    heard,
                    CallOutcome.MISSING_REFERENCE,
                    ray -> storage.accessTokens().insert(rows.accessToken(rows.client()), ray));
        }
        told(
                heard,
                CallOutcome.INVALID_ROW,
                ray -> storage.accessTokens().revokeOldest(client.id(), null, -1, attempt(NOW), ray));
        told(heard, CallOutcome.INVALID_ROW, ray -> storage.purge(NOW, 0, attempt(NOW), ray));
        storage.close();
        told(heard, CallOutcome.UNAVAILABLE, ray -> storage.clients().getById(client.id(), ray));
    }

    @Test
    void aUnitIsToldAsOneCall() {
        claims(Guarantee.UNIT_OF_WORK);
        Heard heard = new Heard(kit().patienceSeconds());
        Storage storage = listenedTo(heard);
        AuthorizationCode code = rows(storage).storedCode();
        Function<RayId, CompletableFuture<?>> redemption = ray -> storage.unitOfWork(attempt(NOW))
                .consume(code.code())
                .insert(rows(storage).auditLog())
                .commit(ray);

        told(heard, CallOutcome.OK, redemption);
        told(heard, CallOutcome.ALREADY_CONSUMED, redemption);
        told(
                heard,
                CallOutcome.INVALID_ROW,
                ray -> storage.unitOfWork(attempt(NOW)).commit(ray));
    }

    @Test
    void aCancelledCallIsToldAsItEnded() {
        Heard heard = new Heard(kit().patienceSeconds());
        Storage storage = listenedTo(heard);
        RayId ray = ray();

        storage.clients().insert(rows(storage).client(), ray).cancel(true);

        assertThat(heard.of(ray))
                .singleElement()
                .extracting(StorageCall::outcome)
                .isEqualTo(CallOutcome.OK);
    }

    @Test
    void aThrowingListenerHarmsNothing() {
        AtomicInteger calls = new AtomicInteger();
        Heard heard = new Heard(kit().patienceSeconds());
        Storage storage = listenedTo(call -> {
            heard.called(call);
            if (calls.getAndIncrement() % 2 == 0) {
                throw new IllegalStateException("a listener that throws");
            }
            throw new AssertionError("a listener that throws worse");
        });
        Rows rows = rows(storage);
        OAuthClient client = rows.storedClient();

        for (int i = 0; i < CALLERS; i++) {
            AccessToken token = rows.accessToken(client);
            told(heard, CallOutcome.OK, ray -> storage.accessTokens().insert(token, ray));
            assertThat(await(storage.accessTokens().getByToken(token.token(), ray())))
                    .isPresent();
        }
    }

    @Test
    void aBlockedListenerHoldsUpNobody() throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Storage storage = listenedTo(call -> {
            blocked.countDown();
            block(release);
        });
        try {
            Rows rows = rows(storage);
            OAuthClient client = rows.storedClient();
            assertThat(blocked.await(kit().patienceSeconds(), TimeUnit.SECONDS))
                    .as("the listener is called")
                    .isTrue();
            List<AccessToken> tokens = Stream.generate(() -> rows.accessToken(client))
                    .limit(CALLERS)
                    .toList();
            List<CompletableFuture<?>> calls = new ArrayList<>();
            tokens.forEach(token -> calls.add(storage.accessTokens().insert(token, ray())));
            calls.forEach(call -> await(call, kit().patienceSeconds()));
            tokens.forEach(token -> assertThat(await(storage.accessTokens().getById(token.id(), ray())))
                    .isPresent());
            long began = System.nanoTime();
            storage.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(CLOSING);
        } finally {
            release.countDown();
        }
    }

    private Storage listenedTo(StorageListener listener) {
        return closedAfterTest(kit().open(emptyLocation(), StorageOptions.none().listener(listener)));
    }

    private static void block(CountDownLatch release) {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Expects one call, told with that outcome, of a call with a ray of its own. */
    private static void told(Heard heard, CallOutcome outcome, Function<RayId, CompletableFuture<?>> call) {
        RayId ray = ray();
        answered(call.apply(ray));
        assertThat(heard.of(ray))
                .singleElement()
                .extracting(StorageCall::outcome)
                .isEqualTo(outcome);
    }

    private boolean claimed(Guarantee guarantee) {
        return storage().guarantees().reasonAgainst(guarantee).isEmpty();
    }

    /** One call of each method of the contract, with whatever arguments. */
    private List<Made> everyCall(Storage storage) {
        List<Made> calls = new ArrayList<>();
        for (TableCase<?> table : TableCase.all()) {
            Row row = table.fresh().apply(rows(storage));
            AnyCall.methodsOf(table.contract())
                    .forEach(method -> calls.add(made(table.in(storage), table.name(), method, row)));
        }
        OAuthClient client = rows(storage).client();
        AnyCall.methodsOf(ThrottleTable.class)
                .forEach(method -> calls.add(made(storage.throttles(), TableName.THROTTLES, method, client)));
        AnyCall.methodsOf(Storage.class)
                .filter(method -> method.getReturnType() == CompletableFuture.class)
                .forEach(method -> calls.add(made(storage, null, method, client)));
        RayId ray = ray();
        calls.add(new Made(
                "commit",
                null,
                ray,
                storage.unitOfWork(attempt(NOW)).insert(client).commit(ray)));
        return calls;
    }

    private Made made(Object target, @Nullable TableName table, Method method, Row row) {
        RayId ray = ray();
        Object answer = AnyCall.invoke(target, method, AnyCall.arguments(method, row, rows(), ray));
        return new Made(method.getName(), table, ray, (CompletableFuture<?>) Objects.requireNonNull(answer));
    }

    private static void answered(CompletableFuture<?> call) {
        await(call.handle((answer, failure) -> true));
    }
}
