package io.qscope.bench;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.model.TokenDigest;
import io.qscope.store.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Access tokens as a server issues them: for some client and user, under a root that stands at a random place, with
 * scopes and a little metadata. The nth token is the same in each file.
 */
final class SampleTokens {

    private static final int CLIENTS = 20;
    private static final int TOKENS_PER_ROOT = 5;
    private static final int LOADED_TOGETHER = 5_000;
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final RayId RAY = RayId.random();

    private final List<Authorization> roots = new ArrayList<>();
    private final AtomicLong next = new AtomicLong();

    /** Stores clients, roots and that many tokens. */
    static SampleTokens load(Storage storage, int tokens) {
        SampleTokens sample = new SampleTokens();
        List<OAuthClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            OAuthClient client = OAuthClient.builder()
                    .id(RowIds.next())
                    .clientIdentifier("client-" + i)
                    .createdAt(NOW)
                    .createdBy("bench")
                    .build();
            storage.clients().insert(client, RAY).join();
            clients.add(client);
        }
        List<CompletableFuture<Void>> inserts = new ArrayList<>();
        for (int i = 0; i < Math.max(1, tokens / TOKENS_PER_ROOT); i++) {
            Authorization root = Authorization.builder()
                    .id(RowIds.next())
                    .clientId(clients.get(i % CLIENTS).id())
                    .userId("user-" + i)
                    .scopes(Set.of("openid", "profile", "email"))
                    .createdAt(NOW)
                    .createdBy("bench")
                    .build();
            sample.roots.add(root);
            await(inserts, storage.authorizations().insert(root, RAY), LOADED_TOGETHER);
        }
        await(inserts, CompletableFuture.completedFuture(null), 0);
        for (int i = 0; i < tokens; i++) {
            await(inserts, storage.accessTokens().insert(sample.mint(), RAY), LOADED_TOGETHER);
        }
        await(inserts, CompletableFuture.completedFuture(null), 0);
        return sample;
    }

    private static void await(List<CompletableFuture<Void>> waiting, CompletableFuture<Void> one, int most) {
        waiting.add(one);
        if (waiting.size() > most) {
            waiting.forEach(CompletableFuture::join);
            waiting.clear();
        }
    }

    /** How many tokens there are. */
    long size() {
        return next.get();
    }

    /** A token that nobody has yet. */
    AccessToken mint() {
        long n = next.getAndIncrement();
        Authorization root = roots.get(new SplittableRandom(n).nextInt(roots.size()));
        return AccessToken.builder()
                .id(RowIds.next())
                .token(TokenDigest.sha256(value(n)))
                .clientId(root.clientId())
                .userId(root.userId())
                .authorizationId(root.id())
                .scopes(root.scopes())
                .metadata(Map.of(
                        "aud",
                        "https://api.example.com",
                        "cnf",
                        Map.of("jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")))
                .expiresAt(NOW.plus(Duration.ofMinutes(10)))
                .createdAt(NOW)
                .createdBy("bench")
                .build();
    }

    /** The value of one of the first tokens, as a client would present it. */
    static String presented(int rows) {
        return value(ThreadLocalRandom.current().nextInt(rows));
    }

    private static String value(long n) {
        return "an-access-token-as-long-as-256-bits-" + n;
    }
}
