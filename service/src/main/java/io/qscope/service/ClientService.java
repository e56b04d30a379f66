package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AuditLog;
import io.qscope.model.EncodedSecret;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.result.Result;
import io.qscope.store.Attempt;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The clients of the authorization server (RFC 6749 §2). {@code by} is who acts, in the caller's words, as rows and audit
 * entries name him.
 *
 * <p>A change is made of what is stored at that moment, and anew when somebody else writes the client meanwhile: of any number
 * of changes at once none is lost, and of two to the same field the later one holds.
 */
public final class ClientService {

    private static final Duration LONGEST_OVERLAP = Duration.ofDays(366);

    private final ServiceContext context;
    private final ClientAuthenticator authenticator;
    private final SecretHasher hasher;

    ClientService(ServiceContext context, ClientAuthenticator authenticator, SecretHasher hasher) {
        this.context = context;
        this.authenticator = authenticator;
        this.hasher = hasher;
    }

    /** A secret as it is stored, and in plain text if it was generated. */
    private record NewSecret(
            @Nullable EncodedSecret encoded, @Nullable String generated) {

        /** Without the secret. */
        @Override
        public String toString() {
            return String.valueOf(encoded);
        }
    }

    /**
     * Registers a client, enabled. Without a chosen secret a confidential client gets a generated one of 256 random bits.
     *
     * <p>Repeat: another client where the identifier is generated, else {@code CONFLICT}.
     *
     * @return the client, and the generated secret, shown this once; {@code INVALID}, {@code CONFLICT} when the identifier is
     *     taken, {@code temporarily_unavailable} when too many secrets are waiting to be hashed
     */
    public CompletableFuture<Result<RegisteredClient>> register(ClientRegistration registration, String by, RayId ray) {
        Objects.requireNonNull(registration, "registration");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                CompletableFuture.completedFuture(registration).thenCompose(given -> {
                    Attempt attempt = context.attempt(by);
                    OAuthClient client = Refusal.unlessInvalid(() -> row(given, attempt));
                    ClientRules.check(client);
                    return newSecret(client.isConfidential(), given.chosenSecret())
                            .thenCompose(secret -> insert(client, secret, attempt, ray));
                }),
                201,
                ray);
    }

    private static OAuthClient row(ClientRegistration registration, Attempt attempt) {
        String chosen = registration.clientIdentifier();
        if (chosen != null) {
            ClientRules.checkIdentifier(chosen);
        }
        return OAuthClient.builder()
                .id(RowIds.next())
                .clientIdentifier(chosen == null ? RowIds.next() : chosen)
                .isConfidential(registration.isConfidential())
                .redirectUris(registration.redirectUris())
                .grantTypes(registration.grantTypes())
                .scopes(registration.scopes())
                .config(registration.config())
                .createdAt(attempt.at())
                .createdBy(attempt.by())
                .build();
    }

    private CompletableFuture<NewSecret> newSecret(boolean isConfidential, @Nullable String chosen) {
        if (!isConfidential) {
            if (chosen != null) {
                throw Refusal.invalid("chosenSecret: a public client has no secret (RFC 6749 §2.1)");
            }
            return CompletableFuture.completedFuture(new NewSecret(null, null));
        }
        if (chosen == null) {
            String generated = Secrets.next();
            return CompletableFuture.completedFuture(new NewSecret(hasher.encodeGenerated(generated), generated));
        }
        ClientRules.checkSecret(chosen);
        return hasher.encodeChosen(chosen).thenApply(encoded -> new NewSecret(encoded, null));
    }

    private CompletableFuture<RegisteredClient> insert(
            OAuthClient client, NewSecret secret, Attempt attempt, RayId ray) {
        OAuthClient row = client.toBuilder().clientSecret(secret.encoded()).build();
        Map<String, Object> told =
                Map.of("client_identifier", client.clientIdentifier(), "is_confidential", client.isConfidential());
        return context.units
                .unguarded(
                        attempt,
                        unit -> unit.insert(row),
                        context.entry(AuditEvent.CLIENT_REGISTERED, client.id(), client.id(), null, told, attempt, ray),
                        ray)
                .thenApply(
                        done -> new RegisteredClient(row.toBuilder().version(1).build(), secret.generated()))
                .exceptionallyCompose(thrown -> {
                    boolean taken = Refusal.cause(thrown) instanceof DuplicateRowException duplicate
                            && duplicate.key().equals("clientIdentifier");
                    return CompletableFuture.failedFuture(
                            taken
                                    ? new Refusal(
                                            ServiceError.CONFLICT, "the client identifier is taken; choose another")
                                    : Refusal.cause(thrown));
                });
    }

    /**
     * Reads a client, enabled or not.
     *
     * @return the client; {@code NOT_FOUND}
     */
    public CompletableFuture<Result<OAuthClient>> get(String clientIdentifier, RayId ray) {
        Objects.requireNonNull(clientIdentifier, "clientIdentifier");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(context.client(clientIdentifier, ray), 200, ray);
    }

    /**
     * Lists clients, ordered by id, which is by age.
     *
     * @return the page; {@code INVALID} when it starts after what no page of this listing ended with
     */
    public CompletableFuture<Result<Slice<OAuthClient>>> list(Page page, RayId ray) {
        Objects.requireNonNull(page, "page");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(Refusal.ofPage(context.storage.clients().list(page, ray)), 200, ray);
    }

    /**
     * Changes a client's registration; the audit entry names the fields. Where nothing changes, nothing is written.
     *
     * @return the client as stored after it; {@code NOT_FOUND}, {@code INVALID}, {@code CONFLICT} when it is written too often
     *     at once
     */
    public CompletableFuture<Result<OAuthClient>> update(
            String clientIdentifier, ClientChanges changes, String by, RayId ray) {
        Objects.requireNonNull(changes, "changes");
        ClientEdit edit = new ClientEdit(
                AuditEvent.CLIENT_UPDATED,
                (client, at) -> changed(client, changes),
                (before, after) -> Map.of("fields", ChangedFields.between(before, after)));
        return made(edit, clientIdentifier, by, ray);
    }

    private static OAuthClient changed(OAuthClient client, ClientChanges changes) {
        OAuthClient changed = client.toBuilder()
                .redirectUris(changes.redirectUris() == null ? client.redirectUris() : changes.redirectUris())
                .grantTypes(changes.grantTypes() == null ? client.grantTypes() : changes.grantTypes())
                .scopes(changes.scopes() == null ? client.scopes() : changes.scopes())
                .config(changes.config() == null ? client.config() : changes.config())
                .build();
        ClientRules.check(changed);
        return changed;
    }

    /**
     * Lets a client be used again. Repeat: nothing is written.
     *
     * @return as {@link #update}
     */
    public CompletableFuture<Result<OAuthClient>> enable(String clientIdentifier, String by, RayId ray) {
        return enabled(true, AuditEvent.CLIENT_ENABLED, clientIdentifier, by, ray);
    }

    /**
     * Lets a client not be used until it is enabled: it does not authenticate, and what was issued to it is not active. Nothing
     * is revoked. Repeat: nothing is written.
     *
     * @return as {@link #update}
     */
    public CompletableFuture<Result<OAuthClient>> disable(String clientIdentifier, String by, RayId ray) {
        return enabled(false, AuditEvent.CLIENT_DISABLED, clientIdentifier, by, ray);
    }

    private CompletableFuture<Result<OAuthClient>> enabled(
            boolean isEnabled, AuditEvent event, String clientIdentifier, String by, RayId ray) {
        ClientEdit edit = new ClientEdit(
                event, (client, at) -> client.toBuilder().isEnabled(isEnabled).build(), (before, after) -> Map.of());
        return made(edit, clientIdentifier, by, ray);
    }

    private CompletableFuture<Result<OAuthClient>> made(
            ClientEdit edit, String clientIdentifier, String by, RayId ray) {
        Objects.requireNonNull(clientIdentifier, "clientIdentifier");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(edit.make(context, clientIdentifier, by, ray), 200, ray);
    }

    /**
     * Gives a confidential client a new secret. The one before is accepted until the overlap is over, so that the new one can be
     * rolled out; one from an earlier rotation is accepted no more.
     *
     * <p>Repeat: another secret. Concurrency: of two at once both succeed, and both new secrets are accepted within the overlap.
     *
     * @param chosenSecret as in {@link ClientRegistration}; none: one is generated
     * @param overlap whole seconds, up to 366 days; zero: the secret before is accepted no more, which is for one that is known
     *     to others; none: the policy's
     * @return the client, and the generated secret, shown this once; {@code NOT_FOUND}, {@code INVALID}, {@code CONFLICT} when
     *     the client is written too often at once, {@code temporarily_unavailable} when too many secrets are waiting to be hashed
     */
    public CompletableFuture<Result<RegisteredClient>> rotateSecret(
            String clientIdentifier, @Nullable String chosenSecret, @Nullable Duration overlap, String by, RayId ray) {
        Objects.requireNonNull(clientIdentifier, "clientIdentifier");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                context.client(clientIdentifier, ray).thenCompose(client -> {
                    Duration accepted = checkedOverlap(overlap);
                    refusePublic(client);
                    return newSecret(true, chosenSecret)
                            .thenCompose(secret -> rotation(secret, accepted)
                                    .make(context, clientIdentifier, by, ray)
                                    .thenApply(rotated -> new RegisteredClient(rotated, secret.generated())));
                }),
                200,
                ray);
    }

    private Duration checkedOverlap(@Nullable Duration overlap) {
        Duration accepted = overlap == null ? context.policy.secretOverlap() : overlap;
        if (accepted.isNegative() || accepted.compareTo(LONGEST_OVERLAP) > 0 || accepted.toNanosPart() != 0) {
            throw Refusal.invalid("overlap must be whole seconds, from 0 to 366 days");
        }
        return accepted;
    }

    private static void refusePublic(OAuthClient client) {
        if (!client.isConfidential()) {
            throw Refusal.invalid("a public client has no secret to rotate (RFC 6749 §2.1)");
        }
    }

    private static ClientEdit rotation(NewSecret secret, Duration overlap) {
        return new ClientEdit(
                AuditEvent.CLIENT_SECRET_ROTATED,
                (client, at) -> {
                    boolean overlaps = !overlap.isZero() && client.clientSecret() != null;
                    return client.toBuilder()
                            .clientSecret(secret.encoded())
                            .previousClientSecret(overlaps ? client.clientSecret() : null)
                            .previousClientSecretExpiresAt(overlaps ? at.plus(overlap) : null)
                            .build();
                },
                (before, after) -> {
                    Map<String, Object> told = new LinkedHashMap<>();
                    told.put("scheme", Objects.requireNonNull(secret.encoded()).scheme());
                    Instant until = after.previousClientSecretExpiresAt();
                    if (until != null) {
                        told.put("previous_accepted_until", until.toString());
                    }
                    return told;
                });
    }

    /**
     * Deletes a client and all that descends from it: authorizations, codes, tokens. The audit log keeps its entries.
     *
     * <p>Repeat: {@code NOT_FOUND}. Concurrency: of two at once both may succeed, each with its entry.
     *
     * @return nothing; {@code NOT_FOUND}, {@code INVALID} for a name in {@code by} that no row takes
     */
    public CompletableFuture<Result<Void>> delete(String clientIdentifier, String by, RayId ray) {
        Objects.requireNonNull(clientIdentifier, "clientIdentifier");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                context.client(clientIdentifier, ray).thenCompose(client -> delete(client, by, ray)), 204, ray);
    }

    private CompletableFuture<@Nullable Void> delete(OAuthClient client, String by, RayId ray) {
        Attempt attempt = context.attempt(by);
        AuditLog entry = context.entry(
                AuditEvent.CLIENT_DELETED,
                client.id(),
                client.id(),
                null,
                Map.of("client_identifier", client.clientIdentifier()),
                attempt,
                ray);
        return context.units
                .unguarded(attempt, unit -> unit.deleteById(TableName.CLIENTS, client.id()), entry, ray)
                .thenApply(done -> null);
    }

    /**
     * Authenticates a client (RFC 6749 §2.3). A secret is compared in constant time; one that is stored by an outdated scheme is
     * hashed anew, with an audit entry, now that it is known.
     *
     * @return the client; {@code invalid_client}, which does not say what was wrong; {@code temporarily_unavailable} when too
     *     many secrets are waiting to be verified
     */
    public CompletableFuture<Result<OAuthClient>> authenticate(ClientCredentials credentials, RayId ray) {
        Objects.requireNonNull(credentials, "credentials");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(authenticator.authenticated(credentials, ray), 200, ray);
    }

    /**
     * Finds out where the response to an authorization request may go: what was requested, if it is registered (RFC 9700 §2.1),
     * or the only one that is (RFC 6749 §3.1.2.3). When this is refused, the user is told, and nobody is sent anywhere.
     *
     * @param requested the {@code redirect_uri} as sent; none when the request had none
     * @return the URI; {@code invalid_client} when the client is unknown or disabled, {@code invalid_request}
     */
    public CompletableFuture<Result<String>> resolveRedirectUri(
            String clientIdentifier, @Nullable String requested, RayId ray) {
        Objects.requireNonNull(clientIdentifier, "clientIdentifier");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                authenticator
                        .enabled(clientIdentifier, ray)
                        .thenApply(client -> RedirectUris.resolve(client, requested)),
                200,
                ray);
    }
}
