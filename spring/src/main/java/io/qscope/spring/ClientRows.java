package io.qscope.spring;

import io.qscope.model.ClientConfig;
import io.qscope.model.OAuthClient;
import io.qscope.model.OAuthClientBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.ConfigurationSettingNames;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/**
 * Registered clients as rows, and back. What a row has a field for is there; everything else is one text in the configuration's
 * metadata, by a {@link ValueCodec}. The row's lifetimes are for people and tools to see: settings are read from the text.
 */
final class ClientRows {

    /** Where the text is. A row without it is not one of this adapter. */
    static final String SPRING = "spring";

    private static final String ISSUED_AT = "clientIdIssuedAt";
    private static final String SECRET_EXPIRES_AT = "clientSecretExpiresAt";
    private static final String NAME = "clientName";
    private static final String METHODS = "clientAuthenticationMethods";
    private static final String LOGOUT_URIS = "postLogoutRedirectUris";
    private static final String CLIENT_SETTINGS = "clientSettings";
    private static final String TOKEN_SETTINGS = "tokenSettings";

    private final ValueCodec codec;
    private final ClientSecrets secrets;
    private final boolean devices;

    /** @param devices whether the device grant can be served: user codes need a key */
    ClientRows(ValueCodec codec, ClientSecrets secrets, boolean devices) {
        this.codec = codec;
        this.secrets = secrets;
        this.devices = devices;
    }

    /**
     * The row of a client.
     *
     * @param basis a row to begin with: the stored one, or one with what is given at the first insert
     * @throws IllegalArgumentException naming the field or setting that cannot be stored
     */
    OAuthClient row(RegisteredClient client, OAuthClientBuilder basis) {
        if (client.getClass() != RegisteredClient.class) {
            throw new IllegalArgumentException(
                    "the client is of the class " + client.getClass().getName() + ", whose own fields have no place");
        }
        Set<String> grants = values(client.getAuthorizationGrantTypes(), AuthorizationGrantType::getValue);
        if (!devices && grants.contains(AuthorizationGrantType.DEVICE_CODE.getValue())) {
            throw new IllegalArgumentException(
                    "authorizationGrantTypes has the device grant, whose user codes are short"
                            + " and have to be digested with a key; set qscope.keys-file");
        }
        try {
            return basis.clientIdentifier(client.getClientId())
                    .clientSecret(secrets.stored(client.getClientSecret(), client.getId()))
                    .isConfidential(
                            !client.getClientAuthenticationMethods().equals(Set.of(ClientAuthenticationMethod.NONE)))
                    .redirectUris(List.copyOf(client.getRedirectUris()))
                    .grantTypes(grants)
                    .scopes(Set.copyOf(client.getScopes()))
                    .config(config(client, grants))
                    .build();
        } catch (NullPointerException e) {
            throw new IllegalArgumentException("one of redirectUris and scopes is null", e);
        }
    }

    /**
     * The client of a row.
     *
     * @param id the id to give it, equal to the row's
     * @throws UnreadableValueException when what the row holds beside its fields is not this adapter's, damaged or sealed
     */
    RegisteredClient client(OAuthClient row, String id) {
        if (!(row.config().metadata().get(SPRING) instanceof String text)) {
            throw new UnreadableValueException("this adapter did not save it");
        }
        Map<String, @Nullable Object> more = codec.decode(text, place(row.id()));
        RegisteredClient.Builder builder = RegisteredClient.withId(id)
                .clientId(row.clientIdentifier())
                .redirectUris(uris -> uris.addAll(row.redirectUris()))
                .authorizationGrantTypes(
                        grants -> row.grantTypes().forEach(grant -> grants.add(new AuthorizationGrantType(grant))))
                .scopes(scopes -> scopes.addAll(row.scopes()));
        String secret = secrets.given(row.clientSecret(), row.id());
        if (secret != null) {
            builder.clientSecret(secret);
        }
        try {
            return withMore(builder, more).build();
        } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new UnreadableValueException(
                    "what it holds makes no client: " + e.getClass().getName());
        }
    }

    private ClientConfig config(RegisteredClient client, Set<String> grants) {
        Map<String, Object> tokens = client.getTokenSettings().getSettings();
        boolean code = grants.contains(AuthorizationGrantType.AUTHORIZATION_CODE.getValue());
        boolean device = grants.contains(AuthorizationGrantType.DEVICE_CODE.getValue());
        ClientConfig defaults = ClientConfig.defaults();
        return ClientConfig.builder()
                .responseTypes(code ? Set.of("code") : Set.of())
                .requirePkce(client.getClientSettings().isRequireProofKey())
                .accessTokenTtl(ttl(tokens, ConfigurationSettingNames.Token.ACCESS_TOKEN_TIME_TO_LIVE)
                        .orElse(defaults.accessTokenTtl()))
                .refreshTokenTtl(ttl(tokens, ConfigurationSettingNames.Token.REFRESH_TOKEN_TIME_TO_LIVE)
                        .orElse(null))
                .authorizationCodeTtl(ttl(tokens, ConfigurationSettingNames.Token.AUTHORIZATION_CODE_TIME_TO_LIVE)
                        .orElse(defaults.authorizationCodeTtl()))
                .deviceCodeTtl(ttl(tokens, ConfigurationSettingNames.Token.DEVICE_CODE_TIME_TO_LIVE)
                        .filter(any -> device)
                        .orElse(null))
                .metadata(Map.of(SPRING, codec.encode(more(client), place(client.getId()))))
                .build();
    }

    private static Map<String, @Nullable Object> more(RegisteredClient client) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>();
        more.put(ISSUED_AT, client.getClientIdIssuedAt());
        more.put(SECRET_EXPIRES_AT, client.getClientSecretExpiresAt());
        more.put(NAME, client.getClientName());
        more.put(METHODS, client.getClientAuthenticationMethods());
        more.put(LOGOUT_URIS, client.getPostLogoutRedirectUris());
        // By their own names, so that a refusal has them.
        client.getClientSettings()
                .getSettings()
                .forEach((name, value) -> more.put(CLIENT_SETTINGS + " " + name, value));
        client.getTokenSettings().getSettings().forEach((name, value) -> more.put(TOKEN_SETTINGS + " " + name, value));
        return more;
    }

    @SuppressWarnings("unchecked")
    private static RegisteredClient.Builder withMore(
            RegisteredClient.Builder builder, Map<String, @Nullable Object> more) {
        if (more.get(ISSUED_AT) instanceof Instant issuedAt) {
            builder.clientIdIssuedAt(issuedAt);
        }
        if (more.get(SECRET_EXPIRES_AT) instanceof Instant expiresAt) {
            builder.clientSecretExpiresAt(expiresAt);
        }
        return builder.clientName((String) Objects.requireNonNull(more.get(NAME)))
                .clientAuthenticationMethods(methods ->
                        methods.addAll((Set<ClientAuthenticationMethod>) Objects.requireNonNull(more.get(METHODS))))
                .postLogoutRedirectUris(
                        uris -> uris.addAll((Set<String>) Objects.requireNonNull(more.get(LOGOUT_URIS))))
                .clientSettings(ClientSettings.withSettings(settings(more, CLIENT_SETTINGS))
                        .build())
                .tokenSettings(TokenSettings.withSettings(settings(more, TOKEN_SETTINGS))
                        .build());
    }

    private static Map<String, Object> settings(Map<String, @Nullable Object> more, String kind) {
        Map<String, Object> settings = new HashMap<>();
        more.forEach((name, value) -> {
            if (name.startsWith(kind + " ")) {
                settings.put(name.substring(kind.length() + 1), Objects.requireNonNull(value));
            }
        });
        return settings;
    }

    /** What a setting is in a row's whole seconds, within its bounds. */
    private static Optional<Duration> ttl(Map<String, Object> settings, String name) {
        return settings.get(name) instanceof Duration duration
                ? Optional.of(Duration.ofSeconds(Math.max(1, Math.min(Integer.MAX_VALUE, duration.toSeconds()))))
                : Optional.empty();
    }

    private static <T> Set<String> values(Collection<T> elements, Function<T, String> value) {
        return elements.stream().map(value).collect(Collectors.toUnmodifiableSet());
    }

    private static String place(String id) {
        return "client " + id + " settings";
    }
}
