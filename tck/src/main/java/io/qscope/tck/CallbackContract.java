package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.Page;
import io.qscope.store.Storage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A slow callback is its owner's affair. */
abstract class CallbackContract extends ContractGroup {

    private static final int CALLBACKS = 64;

    CallbackContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void blockedCallbacksHoldUpNobodyElse() {
        Storage storage = empty();
        OAuthClient client = rows(storage).storedClient();
        try (BlockedCallbacks blocked = BlockedCallbacks.on(storage, client.id(), kit().patienceSeconds())) {
            Authorization root = rows(storage).stored(rows(storage).authorization(client));
            AuthorizationCode code = rows(storage).stored(rows(storage).code(root));
            AccessToken token = rows(storage).accessToken(root);
            assertThat(await(storage.authorizationCodes().consume(code.code(), attempt(Rows.NOW), ray()))
                            .kind())
                    .isEqualTo(ConsumeOutcome.Kind.CONSUMED);
            assertThat(await(storage.unitOfWork(attempt(Rows.NOW)).insert(token).commit(ray()))
                            .committed())
                    .isTrue();
            assertThat(await(storage.accessTokens().getByToken(token.token(), ray())))
                    .isPresent();
            assertThat(await(storage.clients().list(Page.first(1), ray())).rows())
                    .hasSize(1);
        }
    }

    @Test
    void aCallbackMayWaitForAnotherCall() {
        Storage storage = empty();
        OAuthClient client = rows(storage).storedClient();
        List<CompletableFuture<Optional<AccessToken>>> calls = Stream.generate(() -> rows().accessToken(client))
                .limit(CALLBACKS)
                .map(token -> storage.accessTokens()
                        .insert(token, ray())
                        .thenApply(done -> storage.accessTokens()
                                .getById(token.id(), ray())
                                .join()))
                .toList();
        assertThat(CompletableFuture.allOf(calls.toArray(CompletableFuture<?>[]::new)))
                .succeedsWithin(Duration.ofSeconds(kit().patienceSeconds()));
        assertThat(calls).allSatisfy(call -> assertThat(call.join()).isPresent());
    }

    @Test
    void cancellingAFutureDoesNotUndoItsCall() {
        Storage storage = empty();
        AuthorizationCode code = rows(storage).storedCode();
        Authorization root = row(storage.authorizations(), code.authorizationId());
        List<AccessToken> tokens = Stream.generate(() -> rows(storage).accessToken(root))
                .limit(CALLBACKS)
                .toList();

        tokens.forEach(token -> storage.accessTokens().insert(token, ray()).cancel(true));
        storage.authorizationCodes()
                .consume(code.code(), attempt(Rows.NOW), ray())
                .cancel(true);

        tokens.forEach(token -> eventually(
                () -> storage.accessTokens().getById(token.id(), ray()).thenApply(Optional::isPresent)));
        eventually(() -> storage.authorizationCodes()
                .getById(code.id(), ray())
                .thenApply(read -> read.orElseThrow().consumedAt() != null));
    }

    /** Asks until it is so: nobody is told when a cancelled call is done. */
    private void eventually(Supplier<CompletableFuture<Boolean>> question) {
        long asked = System.nanoTime();
        while (!await(question.get())) {
            assertThat(Duration.ofNanos(System.nanoTime() - asked))
                    .as("waiting for what a cancelled call does")
                    .isLessThan(Duration.ofSeconds(kit().patienceSeconds()));
        }
    }
}
