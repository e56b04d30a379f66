package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.model.EncodedSecret;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.StaleRowException;
import io.qscope.store.StorageUnavailableException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds out whether a client is who it says it is (RFC 6749 §2.3). */
final class ClientAuthenticator {

    private static final String FAILED = "client authentication failed";

    private final ServiceContext context;
    private final SecretHasher hasher;

    /**
     * What an unknown client's secret is compared with, as if it had a generated one. It could be told from a client with a
     * chosen secret, which takes longer; but a client identifier is no secret (RFC 6749 §2.2), and hashing slowly for unknown
     * ones would let anybody occupy those who hash.
     */
    private final EncodedSecret nobodys;

    ClientAuthenticator(ServiceContext context, SecretHasher hasher) {
        this.context = context;
        this.hasher = hasher;
        this.nobodys = hasher.encodeGenerated(Secrets.next());
    }

    /**
     * The client of that name.
     *
     * @return fails with a {@link Refusal} when there is none, or it is disabled
     */
    CompletableFuture<OAuthClient> enabled(String clientIdentifier, RayId ray) {
        return context.findClient(clientIdentifier, ray)
                .thenApply(found -> found.filter(OAuthClient::isEnabled)
                        .orElseThrow(
                                () -> new Refusal(ServiceError.INVALID_CLIENT, "the client is unknown or disabled")));
    }

    /** The authenticated client, if it may use that grant. */
    CompletableFuture<OAuthClient> authenticated(ClientCredentials credentials, GrantType grant, RayId ray) {
        return authenticated(credentials, ray).thenApply(client -> {
            if (!client.grantTypes().contains(grant.value())) {
                throw new Refusal(
                        ServiceError.UNAUTHORIZED_CLIENT, "the client is not registered for grant type " + grant);
            }
            return client;
        });
    }

    /**
     * The client, if the credentials are its own.
     *
     * @return fails with a {@link Refusal}, which does not say what was wrong
     */
    CompletableFuture<OAuthClient> authenticated(ClientCredentials credentials, RayId ray) {
        return context.findClient(credentials.clientIdentifier(), ray).thenCompose(found -> {
            OAuthClient client = found.filter(OAuthClient::isEnabled).orElse(null);
            if (credentials instanceof ClientCredentials.Secret presented) {
                return client == null || !client.isConfidential()
                        ? hasher.matches(presented.secret(), nobodys).thenCompose(never -> refused())
                        : bySecret(client, presented.secret(), ray);
            }
            boolean confidential = credentials instanceof ClientCredentials.Verified;
            return client == null || client.isConfidential() != confidential
                    ? refused()
                    : CompletableFuture.completedFuture(client);
        });
    }

    private CompletableFuture<OAuthClient> bySecret(OAuthClient client, String presented, RayId ray) {
        EncodedSecret current = client.clientSecret();
        return hasher.matches(presented, current == null ? nobodys : current).thenCompose(matches -> {
            if (matches && current != null) {
                return hasher.wantsUpgrade(presented, current)
                        ? upgraded(client, presented, ray)
                        : CompletableFuture.completedFuture(client);
            }
            EncodedSecret previous = stillAccepted(client, context.now());
            return previous == null
                    ? refused()
                    : hasher.matches(presented, previous)
                            .thenCompose(was -> was ? CompletableFuture.completedFuture(client) : refused());
        });
    }

    /** The secret before the last rotation, within the overlap. */
    private static @Nullable EncodedSecret stillAccepted(OAuthClient client, Instant now) {
        Instant until = client.previousClientSecretExpiresAt();
        return until != null && now.isBefore(until) ? client.previousClientSecret() : null;
    }

    /** Hashes the secret by today's scheme, now that it is known. Whoever else writes the client at the moment goes first. */
    private CompletableFuture<OAuthClient> upgraded(OAuthClient client, String presented, RayId ray) {
        return hasher.encodeChosen(presented)
                .thenCompose(encoded -> upgraded(client, encoded, ray))
                .exceptionallyCompose(thrown -> {
                    Throwable failure = Refusal.cause(thrown);
                    if (failure instanceof RowNotFoundException) {
                        return refused();
                    }
                    return mayWait(failure)
                            ? CompletableFuture.completedFuture(client)
                            : CompletableFuture.failedFuture(failure);
                });
    }

    private CompletableFuture<OAuthClient> upgraded(OAuthClient client, EncodedSecret encoded, RayId ray) {
        Attempt attempt = context.attempt(client, context.now());
        OAuthClient better = client.toBuilder()
                .clientSecret(encoded)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        return context.units
                .unguarded(
                        attempt,
                        unit -> unit.update(better),
                        context.entry(
                                AuditEvent.CLIENT_SECRET_UPGRADED,
                                client.id(),
                                client.id(),
                                null,
                                Map.of("scheme", encoded.scheme()),
                                attempt,
                                ray),
                        ray)
                .thenApply(
                        done -> better.toBuilder().version(better.version() + 1).build());
    }

    /**
     * The client is authenticated all the same, and its secret hashed anew another time: when somebody else wrote the client,
     * when too many secrets are waiting, or while the storage takes no writes.
     */
    private static boolean mayWait(Throwable failure) {
        return failure instanceof StaleRowException
                || failure instanceof Refusal
                || failure instanceof StorageUnavailableException;
    }

    private static <T> CompletableFuture<T> refused() {
        return CompletableFuture.failedFuture(new Refusal(ServiceError.INVALID_CLIENT, FAILED));
    }
}
