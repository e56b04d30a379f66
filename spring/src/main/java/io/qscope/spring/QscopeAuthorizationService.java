package io.qscope.spring;

import io.qscope.key.KeyRing;
import io.qscope.key.Sealer;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Family;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import io.qscope.spring.AuthorizationMapping.Presented;
import io.qscope.store.PollOutcome;
import io.qscope.store.StorageCorruptedException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.util.Assert;

/**
 * Spring's authorizations on a storage: a root, and a row for the code, the access token, the refresh token, the ID token, the
 * device code with its user code, and the state of a request that waits. Of codes and tokens there are digests only. What an
 * authorization is found by comes back with it; for the other values there are placeholders, which no lookup takes for a value.
 *
 * <p><b>Single use.</b> Spring reads an authorization, decides, and saves it whole. An authorization that was loaded here is saved as
 * what it changed, and what may happen once is a transition of the storage: of any number of savers that redeem one code, rotate one
 * refresh token, redeem or decide one device code, or use one state, one succeeds. The others get an {@link
 * OAuth2AuthenticationException}, which Spring's endpoints answer as {@code invalid_grant} or {@code invalid_request}; and where that
 * is a replay of a code or refresh token, the family is revoked (RFC 6749 §4.1.2, RFC 9700 §4.14.2). What an authorization was
 * loaded from is known by the instance of its id, which {@link OAuth2Authorization#from} passes on.
 *
 * <p><b>Revocation</b> is never undone: not by a save of what was loaded before it. Invalidating a refresh token revokes the family.
 *
 * <p>A call holds nothing while it waits for the storage, so callers cannot wait for each other. Safe for any number of threads.
 */
public final class QscopeAuthorizationService implements OAuth2AuthorizationService {

    private static final Log LOG = LogFactory.getLog(QscopeAuthorizationService.class);

    private final StorageAccess access;
    private final FamilyReader reader;
    private final FamilyRows rows;
    private final AuthorizationMapping mapping;
    private final AuthorizationSaver saver;
    private final LoadedFrom<Basis> loaded = new LoadedFrom<>();

    QscopeAuthorizationService(
            StorageAccess access, RegisteredClientRepository clients, ValueCodec codec, AdapterKeys keys) {
        this.access = access;
        this.reader = new FamilyReader(access.storage());
        this.rows = new FamilyRows(codec, keys.tokens(), keys.userCodes(), access.actor());
        this.mapping = new AuthorizationMapping(codec);
        this.saver =
                new AuthorizationSaver(access, reader, rows, mapping, loaded, new ClientReferences(access, clients));
    }

    /**
     * Without a key ring: user codes, which people type and others could guess, are refused, and with them the device grant.
     *
     * @param clients where the application keeps its clients
     */
    public QscopeAuthorizationService(StorageAccess access, RegisteredClientRepository clients) {
        this(access, clients, ValueCodec.plain(new JacksonPrincipalCodec(), null), AdapterKeys.none());
    }

    /**
     * With {@link JacksonPrincipalCodec}, and attributes and claims that whoever has the database can read.
     *
     * @param clients where the application keeps its clients
     * @param keys digest user codes
     */
    public QscopeAuthorizationService(
            StorageAccess access, RegisteredClientRepository clients, Supplier<KeyRing> keys) {
        this(access, clients, keys, new JacksonPrincipalCodec(), false);
    }

    /**
     * With another codec of principals, or with attributes and claims sealed.
     *
     * @param clients where the application keeps its clients
     * @param keys digest user codes, and seal; what was sealed is read whether or not {@code seals} is still set
     * @param principals writes the users of authorizations
     * @param seals whether attributes, claims and other metadata of tokens are encrypted from now on
     */
    public QscopeAuthorizationService(
            StorageAccess access,
            RegisteredClientRepository clients,
            Supplier<KeyRing> keys,
            PrincipalCodec principals,
            boolean seals) {
        this(
                access,
                clients,
                seals
                        ? ValueCodec.sealing(principals, new Sealer(keys))
                        : ValueCodec.plain(principals, new Sealer(keys)),
                AdapterKeys.of(keys, false));
    }

    /**
     * Stores an authorization, or what it changed since it was loaded.
     *
     * <p>Absence: it is new. Repeat: nothing changes, but tokens that a save issued are not issued again. Concurrency: see the class;
     * changes that do not exclude each other are all kept.
     *
     * @throws OAuth2AuthenticationException when somebody else was first, the family is revoked, or the authorization was removed;
     *     then nothing of it is written
     * @throws IllegalArgumentException naming what cannot be stored; nothing is written
     * @throws TemporarilyUnavailableException when the storage cannot be reached
     */
    @Override
    public void save(OAuth2Authorization authorization) {
        Assert.notNull(authorization, "authorization cannot be null");
        saver.save(authorization);
    }

    /**
     * Removes an authorization, and all that was issued with it. Absence and repeat: does nothing. But a pushed request that was loaded
     * is used by being removed (RFC 9126 §4): of any number of removers one succeeds.
     *
     * @throws OAuth2AuthenticationException when somebody else used the request
     * @throws TemporarilyUnavailableException when the storage cannot be reached
     */
    @Override
    public void remove(OAuth2Authorization authorization) {
        Assert.notNull(authorization, "authorization cannot be null");
        saver.remove(authorization);
    }

    /**
     * The authorization of that id, with placeholders for all values.
     *
     * @return none when there is none, or when a row of it is damaged, which the log tells by its id
     * @throws TemporarilyUnavailableException when the storage cannot be reached
     */
    @Override
    public @Nullable OAuth2Authorization findById(String id) {
        Assert.hasText(id, "id cannot be empty");
        try {
            return authorization(access.call(ray -> reader.family(id, ray)), null);
        } catch (StorageCorruptedException e) {
            return absent(id, e);
        }
    }

    /**
     * The authorization with that code, token or state. Spent, expired and revoked ones come as they are; a state that was used, or
     * is no longer good, is not found.
     *
     * <p>With the type {@code device_code} the lookup is a device's poll. A refresh token that had been rotated is a replay: looked
     * up as such it revokes the family.
     *
     * @return none when there is none, or when a row of it is damaged, which the log tells by its id
     * @throws OAuth2AuthenticationException {@code slow_down}, when a device polls sooner than it may (RFC 8628 §3.5)
     * @throws TemporarilyUnavailableException when the storage cannot be reached
     */
    @Override
    public @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType tokenType) {
        Assert.hasText(token, "token cannot be empty");
        TokenKind kind = tokenType == null ? null : TokenKind.of(tokenType);
        if (Placeholders.is(token) || (tokenType != null && kind == null)) {
            return null;
        }
        try {
            return kind == null ? findByAny(token) : find(kind, token);
        } catch (StorageCorruptedException e) {
            return absent("looked up by a token", e);
        }
    }

    private @Nullable OAuth2Authorization find(TokenKind kind, String token) {
        List<TokenDigest> digests = rows.candidates(kind, token);
        if (kind == TokenKind.DEVICE_CODE) {
            poll(digests);
        }
        Optional<Family> family = access.call(ray -> reader.family(kind, digests, ray));
        OAuth2Authorization found = authorization(family, new Presented(kind, token));
        if (found != null && kind == TokenKind.REFRESH_TOKEN) {
            revokeIfReplayed(family.orElseThrow());
        }
        return found;
    }

    /** Access tokens first, since they are what is looked up most. */
    private @Nullable OAuth2Authorization findByAny(String token) {
        OAuth2Authorization found = find(TokenKind.ACCESS_TOKEN, token);
        if (found != null) {
            return found;
        }
        Map<TokenKind, List<TokenDigest>> wanted = new EnumMap<>(TokenKind.class);
        for (TokenKind kind : TokenKind.values()) {
            if (kind != TokenKind.ACCESS_TOKEN) {
                wanted.put(kind, rows.candidates(kind, token));
            }
        }
        List<Optional<Family>> read = access.call(ray -> reader.families(wanted, ray));
        List<TokenKind> kinds = List.copyOf(wanted.keySet());
        for (int i = 0; i < kinds.size(); i++) {
            if (read.get(i).isPresent()) {
                return authorization(read.get(i), new Presented(kinds.get(i), token));
            }
        }
        return null;
    }

    /** A device that asks is counted; whether its user has decided is Spring's to see. */
    private void poll(List<TokenDigest> digests) {
        for (TokenDigest digest : digests) {
            PollOutcome outcome =
                    access.call(ray -> access.storage().deviceCodes().poll(digest, access.attempt(), ray));
            if (outcome.kind() == PollOutcome.Kind.SLOW_DOWN) {
                throw Refusals.slowDown();
            }
            if (outcome.kind() != PollOutcome.Kind.UNKNOWN) {
                return;
            }
        }
    }

    private void revokeIfReplayed(Family family) {
        RefreshToken row = family.refreshToken();
        if (row != null && row.rotatedAt() != null) {
            saver.revokeFamily(family.root(), "a refresh token was used again");
        }
    }

    private @Nullable OAuth2Authorization authorization(Optional<Family> found, @Nullable Presented presented) {
        if (found.isEmpty() || isUsedState(found.get(), presented)) {
            return null;
        }
        Family family = found.get();
        Authorization root = family.root();
        try {
            AuthorizationMapping.Builder builder = mapping.authorization(family, presented);
            Basis basis = new Basis(family, builder.build(), true, isReplay(family, presented), Set.of());
            return builder.id(loaded.remember(root.id(), basis)).build();
        } catch (UnreadableValueException e) {
            return absent(root.id(), e);
        }
    }

    private boolean isUsedState(Family family, @Nullable Presented presented) {
        AuthorizationRequest row = family.request();
        return presented != null && presented.kind() == TokenKind.STATE && (row == null || !row.isLive(access.now()));
    }

    private static boolean isReplay(Family family, @Nullable Presented presented) {
        AuthorizationCode code = family.code();
        RefreshToken refresh = family.refreshToken();
        if (presented == null) {
            return false;
        }
        return presented.kind() == TokenKind.CODE
                ? code != null && code.consumedAt() != null
                : presented.kind() == TokenKind.REFRESH_TOKEN && refresh != null && refresh.rotatedAt() != null;
    }

    private static @Nullable OAuth2Authorization absent(String id, Exception problem) {
        LOG.warn("The authorization " + id + " is treated as absent: " + problem.getMessage());
        return null;
    }
}
