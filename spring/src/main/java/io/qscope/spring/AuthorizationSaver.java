package io.qscope.spring;

import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.spring.UnitParts.Guard;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.MissingReferenceException;
import io.qscope.store.Outcome;
import io.qscope.store.RevokedAuthorizationException;
import io.qscope.store.RotateOutcome;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.StaleRowException;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.TableName;
import io.qscope.store.UnitOutcome;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization.Token;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;

/** Saves and removes Spring's authorizations: each by one unit of work, made anew when somebody else wrote meanwhile. */
final class AuthorizationSaver {

    private static final Log LOG = LogFactory.getLog(AuthorizationSaver.class);

    /** How often a save that others came before is tried anew: nobody meets that many who change the same authorization. */
    private static final int MOST_TRIES = 20;

    private final StorageAccess access;
    private final FamilyReader reader;
    private final FamilyRows rows;
    private final AuthorizationMapping mapping;
    private final LoadedFrom<Basis> loaded;
    private final ClientReferences clients;

    AuthorizationSaver(
            StorageAccess access,
            FamilyReader reader,
            FamilyRows rows,
            AuthorizationMapping mapping,
            LoadedFrom<Basis> loaded,
            ClientReferences clients) {
        this.access = access;
        this.reader = reader;
        this.rows = rows;
        this.mapping = mapping;
        this.loaded = loaded;
        this.clients = clients;
    }

    void save(OAuth2Authorization given) {
        KnownTokens.refuseOthers(given);
        Optional<Basis> basis = loaded.of(given.getId());
        if (basis.isPresent()) {
            change(given, descends(given, basis.get()) ? stored(given, true) : basis.get());
        } else if (!insert(given)) {
            change(given, stored(given, false));
        }
    }

    /** Whether an authorization was made of one that was saved since it was loaded: it has a token that this save wrote. */
    private boolean descends(OAuth2Authorization given, Basis basis) {
        return !basis.written().isEmpty()
                && Stream.of(OAuth2AuthorizationCode.class, OAuth2AccessToken.class, OAuth2RefreshToken.class)
                        .map(given::getToken)
                        .anyMatch(token -> token != null && wrote(basis, token));
    }

    private boolean wrote(Basis basis, Token<? extends OAuth2Token> token) {
        return rows.candidates(TokenKind.ACCESS_TOKEN, token.getToken().getTokenValue()).stream()
                .anyMatch(digest -> basis.written().stream().anyMatch(digest::sameBytes));
    }

    /** Whether it was written: false when there is an authorization of that id. */
    private boolean insert(OAuth2Authorization given) {
        UnitParts parts = new NewFamily(rows, given, access.now()).parts();
        try {
            clients.writing(given.getRegisteredClientId(), () -> commit(parts));
            return true;
        } catch (DuplicateRowException e) {
            if (e.key().equals("id")) {
                return false;
            }
            throw taken(e);
        }
    }

    private void change(OAuth2Authorization given, Basis start) {
        Basis basis = start;
        Family current = basis.family();
        Set<Guard> omitted = EnumSet.noneOf(Guard.class);
        Set<TokenDigest> written = new HashSet<>();
        for (int i = 0; i < MOST_TRIES; i++) {
            FamilySave save = new FamilySave(rows, given, basis, current, omitted, access.now()).compared();
            UnitOutcome outcome = save.parts().isEmpty() ? null : tried(save);
            if (outcome == null && !save.parts().isEmpty()) {
                current = family(given);
            } else if (outcome instanceof UnitOutcome.Refused refused) {
                omitted.add(omittable(save.parts(), refused, current.root()));
            } else {
                written.addAll(save.written());
                if (!save.isIncomplete()) {
                    remember(given, written);
                    return;
                }
                basis = stored(given, true);
                current = basis.family();
                omitted.clear();
            }
        }
        throw Refusals.changedMeanwhile();
    }

    /** What is made of the authorization from now on has what was written; what was made of it before has not, and is too late. */
    private void remember(OAuth2Authorization given, Set<TokenDigest> written) {
        Optional<Basis> first = loaded.of(given.getId());
        if (first.isPresent() && !written.isEmpty()) {
            loaded.replace(given.getId(), first.get().saved(written));
        }
    }

    /** What became of the unit; none: somebody else wrote meanwhile, and it has to be made anew. */
    private @Nullable UnitOutcome tried(FamilySave save) {
        try {
            return commit(save.parts());
        } catch (StaleRowException e) {
            return null;
        } catch (RevokedAuthorizationException e) {
            throw Refusals.invalidGrant("The authorization was revoked.");
        } catch (RowNotFoundException e) {
            // A token's row that is no more was replaced; a root that is no more is found out next.
            return null;
        } catch (MissingReferenceException e) {
            throw Refusals.changedMeanwhile();
        } catch (DuplicateRowException e) {
            throw taken(e);
        }
    }

    /**
     * The guard that the unit can do without.
     *
     * @throws org.springframework.security.oauth2.core.OAuth2AuthenticationException when it cannot
     */
    private Guard omittable(UnitParts parts, UnitOutcome.Refused refused, Authorization root) {
        Guard guard = parts.guard(refused.part());
        if (parts.isOptional(guard)) {
            return guard;
        }
        if (isReplay(guard, refused.outcome())) {
            revokeFamily(root, guard == Guard.CODE ? "a code was used again" : "a refresh token was used again");
        }
        throw guard == Guard.REQUEST
                ? Refusals.usedRequest()
                : Refusals.invalidGrant("The code or token was used, or is no longer good.");
    }

    private static boolean isReplay(Guard guard, Outcome outcome) {
        return guard == Guard.CODE
                ? outcome instanceof ConsumeOutcome<?> consumed
                        && consumed.kind() == ConsumeOutcome.Kind.ALREADY_CONSUMED
                : outcome instanceof RotateOutcome rotated && rotated.kind() == RotateOutcome.Kind.ALREADY_ROTATED;
    }

    /** Revokes everything that was issued with an authorization. */
    void revokeFamily(Authorization root, String why) {
        LOG.warn("The authorization " + root.id() + " of the client " + root.clientId() + " is revoked: " + why);
        access.call(ray -> access.storage().authorizations().revoke(root.id(), access.attempt(), ray));
    }

    void remove(OAuth2Authorization given) {
        Optional<Basis> basis = loaded.of(given.getId());
        AuthorizationRequest request =
                basis.map(from -> from.family().request()).orElse(null);
        boolean uses = request != null && FamilyRows.state(given) != null && request.isLive(access.now());
        UnitParts parts = new UnitParts();
        if (request != null && uses) {
            parts.add(Guard.REQUEST, unit -> unit.consumeAuthorizationRequest(request.handle()));
        }
        parts.add(unit -> unit.deleteById(TableName.AUTHORIZATIONS, given.getId()));
        if (!commit(parts).committed()) {
            throw Refusals.usedRequest();
        }
    }

    /** Commits; once more if the answer got lost, since whether a code was redeemed is not to stay unknown. */
    private UnitOutcome commit(UnitParts parts) {
        Attempt attempt = access.attempt();
        return access.call(ray -> send(parts, attempt, ray)
                .exceptionallyCompose(failure -> parts.hasGuards() && isUnknown(failure)
                        ? send(parts, attempt, ray)
                        : CompletableFuture.failedFuture(failure)));
    }

    private CompletableFuture<UnitOutcome> send(UnitParts parts, Attempt attempt, RayId ray) {
        return parts.into(access.storage().unitOfWork(attempt)).commit(ray);
    }

    private static boolean isUnknown(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof StorageUnavailableException unavailable && unavailable.outcomeUnknown();
    }

    /** What is stored now. */
    private Basis stored(OAuth2Authorization given, boolean isKnown) {
        Family family = family(given);
        try {
            OAuth2Authorization authorization =
                    mapping.authorization(family, null).build();
            return new Basis(family, authorization, isKnown, false, Set.of());
        } catch (UnreadableValueException e) {
            LOG.warn("The authorization " + given.getId() + " cannot be saved: " + e.getMessage());
            throw Refusals.changedMeanwhile();
        }
    }

    private Family family(OAuth2Authorization given) {
        return access.call(ray -> reader.family(given.getId(), ray))
                .orElseThrow(() -> Refusals.invalidGrant("The authorization was removed."));
    }

    private static RuntimeException taken(DuplicateRowException e) {
        RuntimeException refused = Refusals.valueTaken();
        refused.addSuppressed(e);
        return refused;
    }
}
