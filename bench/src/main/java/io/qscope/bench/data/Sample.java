package io.qscope.bench.data;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.model.RowIds;
import io.qscope.model.TokenDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Rows as a server stores them: access tokens for some client and user, under a root that stands at a random place, with scopes
 * and a little metadata. The nth row can be told at any time, so that none of them needs to be kept in memory.
 */
public final class Sample {

    /** The one moment of all calls; nothing expires while the benchmark runs. */
    @SuppressWarnings("TimeInStaticInitializer") // one moment for the whole process is what is wanted
    public static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    /** Where codes are sent. */
    public static final String REDIRECT_URI = "https://client.example/callback";

    /** The verifier of {@link #CHALLENGE}: RFC 7636 appendix B. */
    public static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    /** What is granted. */
    public static final Set<String> SCOPES = Set.of("openid", "profile", "email");

    /** Who writes. */
    public static final String BY = "bench";

    private static final Map<String, Object> METADATA = Map.of(
            "aud", "https://api.example.com", "cnf", Map.of("jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));

    private static final int CLIENTS = 20;
    private static final int TOKENS_PER_ROOT = 5;
    private static final int ROOTS_A_MILLISECOND = 1_000;

    /** Families of codes, refresh tokens and expired rows are numbered from here on, each kind from another multiple. */
    private static final long OTHER_FAMILIES = 1_000_000_000_000L;

    private final int rows;
    private final List<OAuthClient> clients;
    private final AtomicLong nextToken;
    private final AtomicLong nextKind = new AtomicLong(1);

    /** @param rows access tokens that are there from the start */
    public Sample(int rows) {
        this.rows = rows;
        this.nextToken = new AtomicLong(rows);
        this.clients = IntStream.range(0, CLIENTS).mapToObj(Sample::client).toList();
    }

    private static OAuthClient client(int number) {
        return OAuthClient.builder()
                .id(RowIds.next())
                .clientIdentifier("client-" + number)
                .isConfidential(true)
                .redirectUris(List.of(REDIRECT_URI))
                .grantTypes(Set.of("authorization_code", "refresh_token", "client_credentials"))
                .scopes(SCOPES)
                .createdAt(NOW)
                .createdBy(BY)
                .build();
    }

    /** Access tokens that are there from the start. */
    public int rows() {
        return rows;
    }

    /** Those that everything belongs to. */
    public List<OAuthClient> clients() {
        return clients;
    }

    /** Whose the family is. */
    public OAuthClient clientOf(long root) {
        return clients.get((int) (root % CLIENTS));
    }

    /** How many roots the access tokens have. */
    public long roots() {
        return Math.max(1, rows / TOKENS_PER_ROOT);
    }

    /** The number of the first family of a kind that nobody has yet. */
    long newKind() {
        return OTHER_FAMILIES * nextKind.getAndIncrement();
    }

    /** The nth root. */
    Authorization root(long number) {
        return root(number, NOW);
    }

    /** The nth root, as of another moment. */
    Authorization root(long number, Instant createdAt) {
        return Authorization.builder()
                .id(rootId(number))
                .clientId(clientOf(number).id())
                .userId("user-" + number)
                .scopes(SCOPES)
                .createdAt(createdAt)
                .createdBy(BY)
                .build();
    }

    /** As a UUIDv7 (RFC 9562) made at that place in time: ordered as the numbers are. */
    private static String rootId(long number) {
        long millis = NOW.toEpochMilli() + number / ROOTS_A_MILLISECOND;
        long most = millis << 16 | 0x7000 | number % ROOTS_A_MILLISECOND;
        long least = Long.MIN_VALUE | new SplittableRandom(number).nextLong() >>> 2;
        return new UUID(most, least).toString();
    }

    /** An access token that nobody has yet. */
    public AccessToken mint() {
        return token(nextToken.getAndIncrement());
    }

    /** The nth access token. */
    AccessToken token(long number) {
        long root = new SplittableRandom(number).nextLong(roots());
        return AccessToken.builder()
                .id(RowIds.next())
                .token(TokenDigest.sha256(tokenValue(number)))
                .clientId(clientOf(root).id())
                .userId("user-" + root)
                .authorizationId(rootId(root))
                .scopes(SCOPES)
                .metadata(METADATA)
                .expiresAt(NOW.plus(Duration.ofDays(1)))
                .createdAt(NOW)
                .createdBy(BY)
                .build();
    }

    /** The value of one of the tokens that are there from the start, as a client would present it. */
    public String presented() {
        return tokenValue(ThreadLocalRandom.current().nextInt(rows));
    }

    /** The value of the nth access token. */
    public static String tokenValue(long number) {
        return "an-access-token-as-long-as-256-bits-" + number;
    }

    AuthorizationCode code(String value, long root) {
        return AuthorizationCode.builder()
                .id(RowIds.next())
                .code(TokenDigest.sha256(value))
                .clientId(clientOf(root).id())
                .userId("user-" + root)
                .authorizationId(rootId(root))
                .redirectUri(REDIRECT_URI)
                .scopes(SCOPES)
                .codeChallenge(CHALLENGE)
                .codeChallengeMethod("S256")
                .metadata(METADATA)
                .expiresAt(NOW.plus(Duration.ofMinutes(10)))
                .createdAt(NOW)
                .createdBy(BY)
                .build();
    }

    RefreshToken refreshToken(String value, long root) {
        return RefreshToken.builder()
                .id(RowIds.next())
                .token(TokenDigest.sha256(value))
                .clientId(clientOf(root).id())
                .userId("user-" + root)
                .authorizationId(rootId(root))
                .scopes(SCOPES)
                .metadata(METADATA)
                .expiresAt(NOW.plus(Duration.ofDays(30)))
                .createdAt(NOW)
                .createdBy(BY)
                .build();
    }
}
