package io.qscope.tck;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Consent;
import io.qscope.model.DeviceCode;
import io.qscope.model.EncodedSecret;
import io.qscope.model.IdToken;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.model.SigningKey;
import io.qscope.model.TokenDigest;
import io.qscope.model.UserAccount;
import io.qscope.store.BaseTable;
import io.qscope.store.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * Makes valid rows with random keys, and the rows that they descend from. {@code code(…)} makes a row only; {@code
 * storedCode()} inserts it, parents first, and returns it as it then reads back.
 */
public final class Rows {

    /** When every row is made. */
    public static final Instant NOW = Instant.parse("2026-01-15T12:00:00.123Z");

    /** When every row expires. */
    public static final Instant EXPIRY = NOW.plus(Duration.ofHours(1));

    private static final String MAKER = "tck";

    private final Storage storage;
    private final Random random;

    /**
     * Rows for a storage.
     *
     * @param random where keys come from
     */
    public Rows(Storage storage, Random random) {
        this.storage = storage;
        this.random = random;
    }

    /** A fresh id. */
    public String id() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** A fresh user. */
    public String user() {
        return "user-" + id();
    }

    /** A fresh digest. */
    public TokenDigest digest() {
        byte[] bytes = new byte[TokenDigest.LENGTH];
        random.nextBytes(bytes);
        return TokenDigest.of(bytes, null);
    }

    /** A confidential client. */
    public OAuthClient client() {
        return OAuthClient.builder()
                .id(id())
                .clientIdentifier("client-" + id())
                .clientSecret(new EncodedSecret("{noop}" + id()))
                .isConfidential(true)
                .redirectUris(List.of("https://app.example/callback"))
                .grantTypes(Set.of("authorization_code", "refresh_token"))
                .scopes(Set.of("openid", "read"))
                .createdAt(NOW)
                .createdBy(MAKER)
                .build();
    }

    /** A root: what a fresh user granted the client. */
    public Authorization authorization(OAuthClient client) {
        return Authorization.builder()
                .id(id())
                .clientId(client.id())
                .userId(user())
                .scopes(Set.of("read"))
                .attributes(Map.of("nonce", id()))
                .createdAt(NOW)
                .createdBy(MAKER)
                .build();
    }

    /** A code of that family. */
    public AuthorizationCode code(Authorization root) {
        String user = root.userId();
        return AuthorizationCode.builder()
                .id(id())
                .code(digest())
                .clientId(root.clientId())
                .userId(user == null ? user() : user)
                .authorizationId(root.id())
                .redirectUri("https://app.example/callback")
                .scopes(root.scopes())
                .codeChallenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
                .codeChallengeMethod("S256")
                .expiresAt(EXPIRY)
                .createdAt(NOW)
                .createdBy(MAKER)
                .build();
    }

    /** An access token of that family. */
    public AccessToken accessToken(Authorization root) {
        return AccessToken.builder()
                .id(id())
                .token(digest())
                .clientId(root.clientId())
                .userId(root.userId())
                .authorizationId(root.id())
                .scopes(root.scopes())
                .expiresAt(EXPIRY)
                .createdAt(NOW)
                .createdBy(MAKER)
                .build();
    }

    /** An access token that stands alone, as for client credentials. */
    public AccessToken accessToken(OAuthClient client) {
        return AccessToken.builder()
                .id(id())
                .token(digest())
                .clientId(client.id())
                .scopes(Set.of("read"))
                .expiresAt(EXPIRY)
                .createdAt(NOW)
                .createdBy(MAKER)
                .build();
    }

    /** A refresh token of that family. */
    public RefreshToken refreshToken(Authorization root) {
        return RefreshToken.builder()
                .id(id())
                .token(digest())
                .clientId(root.clientId())
                .userId(root.userId())
                .authorizationId(root.id())
                .scopes(root.scopes())
                .expiresAt(EXPIRY)
                .createdAt(NOW)
                .createdBy(MAKER)
                .build();
    }

    /** A refresh token that may follow the one given. */
    public RefreshToken successorOf(RefreshToken token) {
        return RefreshToken.builder()
                .id(id())
                .token(digest())
                .clientId(token.clientId())
                .userId(token.userId())
                .authorizationId(token.authorizationId())
                .predecessorId(token.id())
                .scopes(token.scopes())
                .expiresAt(token.expiresAt())
                .createdAt(NOW)
                .createdBy(MAKER)
                .build();
    }

    /** A pending device code of that family. */
    public DeviceCode deviceCode(Authorization root) {
        return DeviceCode.builder()
                .id(id())
                .deviceCode(digest())
                .userCode(digest())
                .clientId(root.clientId())
                .authorizationId(root.id())
                .scopes(root.scopes())
                .expiresAt(EXPIRY)
                .createdAt(NOW)
                .createdBy(MAKER)
                .build();
    }

    /** An ID token of that family. */
    public IdToken idToken(Authorization root) {
        String user = root.userId();
        return IdToken.builder()
                .id(id())
                .token(digest())
                .clientId(root.clientId())
                .userId(user == null ? user() : user)
                .authorizationId(root.id())
                .expiresAt(EXPIRY)
                .metadata(Map.of("nonce", id()))
                .createdAt(NOW)
                .createdBy(MAKER)
                .build();
    }

    /** An authorization request of that family. */
    public AuthorizationRequest authorizationRequest(Authorization root) {
        return AuthorizationRequest.builder()
                .id(id())
                .handle(digest())
                .clientId(root.clientId())
                .userId(root.userId())
                .authorizationId(root.id())
                .parameters(Map.of("response_type", "code", "state", id()))
                .expiresAt(EXPIRY)
                .createdAt(NOW)
                .createdBy(MAKER)
                .build();
    }

    /** A fresh user's consent to that client. */
    public Consent consent(OAuthClient client) {
        return Consent.builder()
                .id(id())
                .clientId(client.id())
                .userId(user())
                .scopes(Set.of("read", "write"))
                .createdAt(NOW)
                .createdBy(MAKER)
                .build();
    }

    /** A key; what looks like its private part is none. */
    public SigningKey signingKey() {
        return SigningKey.builder()
                .id(id())
                .algorithm("ES256")
                .publicKey("{\"kid\":\"" + id() + "\"}")
                .sealedKey("v1.a-key." + id())
                .createdAt(NOW)
                .createdBy(MAKER)
                .build();
    }

    /** An account of a fresh user. */
    public UserAccount userAccount() {
        return UserAccount.builder()
                .id(id())
                .username(user())
                .password(new EncodedSecret("{noop}" + id()))
                .claims(Map.of("name", "somebody"))
                .createdAt(NOW)
                .createdBy(MAKER)
                .build();
    }

    /** An audit entry of a request of its own. */
    public AuditLog auditLog() {
        return AuditLog.builder()
                .id(id())
                .eventType("token.issued")
                .subject("subject-" + id())
                .rayId(new RayId(id()))
                .metadata(Map.of("grant", "authorization_code"))
                .createdAt(NOW)
                .createdBy(MAKER)
                .build();
    }

    /** {@link #client()}, inserted. */
    public OAuthClient storedClient() {
        return stored(client());
    }

    /** {@link #authorization}, inserted, of a client of its own. */
    public Authorization storedAuthorization() {
        return stored(authorization(storedClient()));
    }

    /** {@link #code}, inserted, of a family of its own. */
    public AuthorizationCode storedCode() {
        return stored(code(storedAuthorization()));
    }

    /** {@link #accessToken(Authorization)}, inserted, of a family of its own. */
    public AccessToken storedAccessToken() {
        return stored(accessToken(storedAuthorization()));
    }

    /** {@link #refreshToken}, inserted, of a family of its own. */
    public RefreshToken storedRefreshToken() {
        return stored(refreshToken(storedAuthorization()));
    }

    /** {@link #deviceCode}, inserted, of a family of its own that has no user yet. */
    public DeviceCode storedDeviceCode() {
        Authorization root =
                authorization(storedClient()).toBuilder().userId(null).build();
        return stored(deviceCode(stored(root)));
    }

    /** {@link #idToken}, inserted, of a family of its own. */
    public IdToken storedIdToken() {
        return stored(idToken(storedAuthorization()));
    }

    /** {@link #authorizationRequest}, inserted, of a family of its own. */
    public AuthorizationRequest storedAuthorizationRequest() {
        return stored(authorizationRequest(storedAuthorization()));
    }

    /** {@link #consent}, inserted, to a client of its own. */
    public Consent storedConsent() {
        return stored(consent(storedClient()));
    }

    /** {@link #signingKey}, inserted. */
    public SigningKey storedSigningKey() {
        return stored(signingKey());
    }

    /** {@link #userAccount}, inserted. */
    public UserAccount storedUserAccount() {
        return stored(userAccount());
    }

    /** {@link #auditLog}, inserted. */
    public AuditLog storedAuditLog() {
        return stored(auditLog());
    }

    /** Inserts the row and returns it with the version that it then has. */
    public OAuthClient stored(OAuthClient client) {
        insert(storage.clients(), client);
        return client.toBuilder().version(1).build();
    }

    /** Inserts the row and returns it with the version that it then has. */
    public Authorization stored(Authorization root) {
        insert(storage.authorizations(), root);
        return root.toBuilder().version(1).build();
    }

    /** Inserts the row and returns it with the version that it then has. */
    public AuthorizationCode stored(AuthorizationCode code) {
        insert(storage.authorizationCodes(), code);
        return code.toBuilder().version(1).build();
    }

    /** Inserts the row and returns it with the version that it then has. */
    public AccessToken stored(AccessToken token) {
        insert(storage.accessTokens(), token);
        return token.toBuilder().version(1).build();
    }

    /** Inserts the row and returns it with the version that it then has. */
    public RefreshToken stored(RefreshToken token) {
        insert(storage.refreshTokens(), token);
        return token.toBuilder().version(1).build();
    }

    /** Inserts the row and returns it with the version that it then has. */
    public DeviceCode stored(DeviceCode code) {
        insert(storage.deviceCodes(), code);
        return code.toBuilder().version(1).build();
    }

    /** Inserts the row and returns it with the version that it then has. */
    public IdToken stored(IdToken token) {
        insert(storage.idTokens(), token);
        return token.toBuilder().version(1).build();
    }

    /** Inserts the row and returns it with the version that it then has. */
    public AuthorizationRequest stored(AuthorizationRequest request) {
        insert(storage.authorizationRequests(), request);
        return request.toBuilder().version(1).build();
    }

    /** Inserts the row and returns it with the version that it then has. */
    public Consent stored(Consent consent) {
        insert(storage.consents(), consent);
        return consent.toBuilder().version(1).build();
    }

    /** Inserts the row and returns it with the version that it then has. */
    public SigningKey stored(SigningKey key) {
        insert(storage.signingKeys(), key);
        return key.toBuilder().version(1).build();
    }

    /** Inserts the row and returns it with the version that it then has. */
    public UserAccount stored(UserAccount account) {
        insert(storage.users(), account);
        return account.toBuilder().version(1).build();
    }

    /** Inserts the row. */
    public AuditLog stored(AuditLog entry) {
        insert(storage.auditLog(), entry);
        return entry;
    }

    private static <T extends Row> void insert(BaseTable<T> table, T row) {
        ContractGroup.await(table.insert(row, RayId.random()));
    }
}
