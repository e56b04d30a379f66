package io.qscope.bench;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.RowIds;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.Storage;
import io.qscope.store.UnitOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Codes that wait to be redeemed, each with a root of its own, and what a redemption writes. */
final class SampleCodes {

    static final String REDIRECT_URI = "https://client.example/callback";
    static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"; // RFC 7636 appendix B
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private static final Set<String> SCOPES = Set.of("openid", "profile", "email");
    private static final Map<String, Object> METADATA = Map.of("aud", "https://api.example.com");
    private static final int LOADED_TOGETHER = 2_000;
    private static final RayId RAY = RayId.random();

    private final Storage storage;
    private final OAuthClient client;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong next = new AtomicLong();

    /** A code as its client has it, and as it is stored. */
    record Waiting(String value, AuthorizationCode row) {}

    /** What one redemption writes beside the code. */
    record Redemption(Attempt attempt, TokenDigest code, AccessToken access, RefreshToken refresh, AuditLog entry) {}

    SampleCodes(Storage storage) {
        this.storage = storage;
        this.client = OAuthClient.builder()
                .id(RowIds.next())
                .clientIdentifier("redeemer-" + RowIds.next())
                .isConfidential(true)
                .redirectUris(List.of(REDIRECT_URI))
                .grantTypes(Set.of("authorization_code", "refresh_token"))
                .scopes(SCOPES)
                .createdAt(NOW)
                .createdBy("bench")
                .build();
        storage.clients().insert(client, RAY).join();
    }

    String clientIdentifier() {
        return client.clientIdentifier();
    }

    /** Issues codes until so many wait. */
    void fill(int codes) {
        List<CompletableFuture<UnitOutcome>> units = new ArrayList<>();
        while (waiting.size() < codes) {
            units.add(issue());
            if (units.size() == LOADED_TOGETHER) {
                units.forEach(CompletableFuture::join);
                units.clear();
            }
        }
        units.forEach(CompletableFuture::join);
    }

    private CompletableFuture<UnitOutcome> issue() {
        Authorization root = Authorization.builder()
                .id(RowIds.next())
                .clientId(client.id())
                .userId("user-" + next.get())
                .scopes(SCOPES)
                .createdAt(NOW)
                .createdBy("bench")
                .build();
        String value = "an-authorization-code-as-long-as-256-bits-" + next.getAndIncrement() + "-" + root.id();
        AuthorizationCode code = AuthorizationCode.builder()
                .id(RowIds.next())
                .code(TokenDigest.sha256(value))
                .clientId(client.id())
                .userId(String.valueOf(root.userId()))
                .authorizationId(root.id())
                .redirectUri(REDIRECT_URI)
                .scopes(SCOPES)
                .codeChallenge(CHALLENGE)
                .codeChallengeMethod("S256")
                .metadata(METADATA)
                .expiresAt(NOW.plus(Duration.ofMinutes(10)))
                .createdAt(NOW)
                .createdBy("bench")
                .build();
        waiting.add(new Waiting(value, code));
        return storage.unitOfWork(Attempt.of(NOW, "bench"))
                .insert(root)
                .insert(code)
                .commit(RAY);
    }

    /** The next code; none when all are taken. */
    @Nullable
    Waiting take() {
        return waiting.poll();
    }

    /** What the redemption of a code writes, all of it new. */
    Redemption redemption(Waiting taken) {
        AuthorizationCode code = taken.row();
        Attempt attempt = Attempt.of(NOW, client.clientIdentifier());
        RefreshToken refresh = RefreshToken.builder()
                .id(RowIds.next())
                .token(TokenDigest.sha256("a-refresh-token-as-long-as-256-bits-" + taken.value()))
                .clientId(client.id())
                .userId(code.userId())
                .authorizationId(code.authorizationId())
                .scopes(code.scopes())
                .metadata(code.metadata())
                .expiresAt(NOW.plus(Duration.ofDays(30)))
                .createdAt(NOW)
                .createdBy(attempt.by())
                .build();
        AccessToken access = AccessToken.builder()
                .id(RowIds.next())
                .token(TokenDigest.sha256("an-access-token-as-long-as-256-bits-" + taken.value()))
                .clientId(client.id())
                .userId(code.userId())
                .authorizationId(code.authorizationId())
                .refreshTokenId(refresh.id())
                .scopes(code.scopes())
                .metadata(code.metadata())
                .expiresAt(NOW.plus(Duration.ofMinutes(10)))
                .createdAt(NOW)
                .createdBy(attempt.by())
                .build();
        AuditLog entry = AuditLog.builder()
                .id(RowIds.next())
                .eventType("code.redeemed")
                .subject(code.authorizationId())
                .clientId(client.id())
                .rayId(RayId.random())
                .metadata(Map.of("access_token_id", access.id(), "refresh_token_id", refresh.id()))
                .createdAt(NOW)
                .createdBy(attempt.by())
                .build();
        return new Redemption(attempt, code.code(), access, refresh, entry);
    }
}
