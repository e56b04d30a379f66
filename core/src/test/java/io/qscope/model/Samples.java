package io.qscope.model;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A row of every kind with no field left out, and the same row with one field changed, whatever fields it has. */
public final class Samples {

    public static final Instant T0 = Instant.parse("2026-01-01T00:00:00.123Z");

    private Samples() {}

    public static OAuthClient client() {
        return OAuthClient.builder()
                .id(RowIds.next())
                .version(1)
                .clientIdentifier("client-" + RowIds.next())
                .clientSecret(new EncodedSecret("{bcrypt}$2a$10$abc"))
                .previousClientSecret(new EncodedSecret("{bcrypt}$2a$10$def"))
                .previousClientSecretExpiresAt(T0.plusSeconds(60))
                .isConfidential(true)
                .redirectUris(List.of("https://client.example/callback"))
                .grantTypes(Set.of("authorization_code"))
                .scopes(Set.of("read"))
                .config(config())
                .createdAt(T0)
                .createdBy("test")
                .updatedAt(T0.plusSeconds(1))
                .updatedBy("another")
                .build();
    }

    public static ClientConfig config() {
        return ClientConfig.builder()
                .refreshTokenTtl(Duration.ofDays(30))
                .maxActiveAccessTokens(3)
                .maxActiveRefreshTokens(2)
                .deviceCodeTtl(Duration.ofMinutes(10))
                .devicePollInterval(Duration.ofSeconds(5))
                .metadata(Map.of("audience", "api"))
                .build();
    }

    public static Authorization authorization() {
        return Authorization.builder()
                .id(RowIds.next())
                .version(1)
                .clientId("client")
                .userId("user")
                .scopes(Set.of("read"))
                .attributes(Map.of("nonce", "n"))
                .revokedAt(T0.plusSeconds(2))
                .createdAt(T0)
                .createdBy("test")
                .updatedAt(T0.plusSeconds(1))
                .updatedBy("another")
                .build();
    }

    public static AuthorizationCode authorizationCode() {
        return AuthorizationCode.builder()
                .id(RowIds.next())
                .version(1)
                .code(TokenDigest.sha256(RowIds.next()))
                .clientId("client")
                .userId("user")
                .authorizationId("authorization")
                .redirectUri("https://client.example/callback")
                .scopes(Set.of("read"))
                .codeChallenge("challenge")
                .codeChallengeMethod("S256")
                .expiresAt(T0.plusSeconds(60))
                .consumedAt(T0.plusSeconds(3))
                .metadata(Map.of("audience", "api"))
                .authorizationRevokedAt(T0.plusSeconds(4))
                .createdAt(T0)
                .createdBy("test")
                .updatedAt(T0.plusSeconds(1))
                .updatedBy("another")
                .build();
    }

    public static AccessToken accessToken() {
        return AccessToken.builder()
                .id(RowIds.next())
                .version(1)
                .token(TokenDigest.sha256(RowIds.next()))
                .clientId("client")
                .userId("user")
                .authorizationId("authorization")
                .refreshTokenId("refresh-token")
                .scopes(Set.of("read"))
                .expiresAt(T0.plusSeconds(60))
                .revokedAt(T0.plusSeconds(3))
                .metadata(Map.of("audience", "api"))
                .authorizationRevokedAt(T0.plusSeconds(4))
                .createdAt(T0)
                .createdBy("test")
                .updatedAt(T0.plusSeconds(1))
                .updatedBy("another")
                .build();
    }

    public static RefreshToken refreshToken() {
        return RefreshToken.builder()
                .id(RowIds.next())
                .version(1)
                .token(TokenDigest.sha256(RowIds.next()))
                .clientId("client")
                .userId("user")
                .authorizationId("authorization")
                .predecessorId("predecessor")
                .scopes(Set.of("read"))
                .expiresAt(T0.plusSeconds(60))
                .rotatedAt(T0.plusSeconds(3))
                .graceUses(1)
                .revokedAt(T0.plusSeconds(3))
                .metadata(Map.of("audience", "api"))
                .authorizationRevokedAt(T0.plusSeconds(4))
                .createdAt(T0)
                .createdBy("test")
                .updatedAt(T0.plusSeconds(1))
                .updatedBy("another")
                .build();
    }

    public static DeviceCode deviceCode() {
        return DeviceCode.builder()
                .id(RowIds.next())
                .version(1)
                .deviceCode(TokenDigest.sha256(RowIds.next()))
                .userCode(TokenDigest.sha256(RowIds.next()))
                .clientId("client")
                .userId("user")
                .authorizationId("authorization")
                .scopes(Set.of("read"))
                .expiresAt(T0.plusSeconds(60))
                .lastPolledAt(T0.plusSeconds(3))
                .metadata(Map.of("audience", "api"))
                .authorizationRevokedAt(T0.plusSeconds(4))
                .createdAt(T0)
                .createdBy("test")
                .updatedAt(T0.plusSeconds(1))
                .updatedBy("another")
                .build();
    }

    public static IdToken idToken() {
        return IdToken.builder()
                .id(RowIds.next())
                .version(1)
                .token(TokenDigest.sha256(RowIds.next()))
                .clientId("client")
                .userId("user")
                .authorizationId("authorization")
                .expiresAt(T0.plusSeconds(60))
                .metadata(Map.of("sub", "user"))
                .authorizationRevokedAt(T0.plusSeconds(4))
                .createdAt(T0)
                .createdBy("test")
                .updatedAt(T0.plusSeconds(1))
                .updatedBy("another")
                .build();
    }

    public static AuthorizationRequest authorizationRequest() {
        return AuthorizationRequest.builder()
                .id(RowIds.next())
                .version(1)
                .handle(TokenDigest.sha256(RowIds.next()))
                .clientId("client")
                .userId("user")
                .authorizationId("authorization")
                .parameters(Map.of("response_type", "code"))
                .expiresAt(T0.plusSeconds(60))
                .consumedAt(T0.plusSeconds(3))
                .authorizationRevokedAt(T0.plusSeconds(4))
                .createdAt(T0)
                .createdBy("test")
                .updatedAt(T0.plusSeconds(1))
                .updatedBy("another")
                .build();
    }

    public static Consent consent() {
        return Consent.builder()
                .id(RowIds.next())
                .version(1)
                .clientId("client")
                .userId("user")
                .scopes(Set.of("read"))
                .revokedAt(T0.plusSeconds(2))
                .createdAt(T0)
                .createdBy("test")
                .updatedAt(T0.plusSeconds(1))
                .updatedBy("another")
                .build();
    }

    public static SigningKey signingKey() {
        return SigningKey.builder()
                .id(RowIds.next())
                .version(1)
                .algorithm("ES256")
                .publicKey("{}")
                .sealedKey("v1.key.c2VhbGVk")
                .retiredAt(T0.plusSeconds(2))
                .expiresAt(T0.plusSeconds(60))
                .createdAt(T0)
                .createdBy("test")
                .updatedAt(T0.plusSeconds(1))
                .updatedBy("another")
                .build();
    }

    public static UserAccount userAccount() {
        return UserAccount.builder()
                .id(RowIds.next())
                .version(1)
                .username("user-" + RowIds.next())
                .password(new EncodedSecret("{bcrypt}$2a$10$abc"))
                .claims(Map.of("name", "a user"))
                .disabledAt(T0.plusSeconds(2))
                .createdAt(T0)
                .createdBy("test")
                .updatedAt(T0.plusSeconds(1))
                .updatedBy("another")
                .build();
    }

    public static AuditLog auditLog() {
        return AuditLog.builder()
                .id(RowIds.next())
                .eventType("code.consumed")
                .subject("code")
                .clientId("client")
                .userId("user")
                .rayId(new RayId("ray"))
                .metadata(Map.of("ip", "::1"))
                .createdAt(T0)
                .createdBy("test")
                .chain("lane-1")
                .sequence(7L)
                .previousHash("p")
                .hash("h")
                .build();
    }

    /** One row of every kind. */
    public static Stream<Row> rows() {
        return Stream.of(
                client(),
                authorization(),
                authorizationCode(),
                accessToken(),
                refreshToken(),
                deviceCode(),
                idToken(),
                authorizationRequest(),
                consent(),
                signingKey(),
                userAccount(),
                auditLog());
    }

    /** Every record that checks itself: the rows, and a client's configuration. */
    public static Stream<Record> records() {
        return Stream.concat(rows().map(Record.class::cast), Stream.of(config()));
    }

    /** The record with one component changed; throws what its constructor throws. */
    public static <R extends Record> R with(R record, String component, @Nullable Object value) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components)
                .map(each -> each.getName().equals(component) ? value : valueOf(record, each))
                .toArray();
        try {
            @SuppressWarnings("unchecked") // made by the constructor of the record's own class
            R changed = (R) record.getClass().getDeclaredConstructor(types).newInstance(values);
            return changed;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new AssertionError(e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    public static @Nullable Object valueOf(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** Another legal value of the component's type. */
    public static Object otherThan(@Nullable Object value) {
        if (value instanceof String text) {
            return text + "-other";
        }
        if (value instanceof Instant instant) {
            return instant.plusSeconds(1_000);
        }
        if (value instanceof Duration duration) {
            return duration.plusSeconds(1);
        }
        if (value instanceof Long number) {
            return number + 1;
        }
        if (value instanceof Integer number) {
            return number + 1;
        }
        if (value instanceof Boolean bool) {
            return !bool;
        }
        if (value instanceof Set<?>) {
            return Set.of("other");
        }
        if (value instanceof List<?>) {
            return List.of("https://other.example/");
        }
        if (value instanceof Map<?, ?>) {
            return Map.of("other", true);
        }
        if (value instanceof TokenDigest) {
            return TokenDigest.sha256(RowIds.next());
        }
        if (value instanceof EncodedSecret) {
            return new EncodedSecret("{argon2}other");
        }
        if (value instanceof RayId) {
            return new RayId("other");
        }
        if (value instanceof DeviceCodeState state) {
            return state == DeviceCodeState.DENIED ? DeviceCodeState.PENDING : DeviceCodeState.DENIED;
        }
        if (value instanceof ClientConfig config) {
            return config.toBuilder().requirePkce(!config.requirePkce()).build();
        }
        throw new AssertionError("a component of a new type: teach this method another value of " + value);
    }
}
