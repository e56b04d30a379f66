package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.Consent;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.result.Result;
import io.qscope.store.Attempt;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Page;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.Slice;
import io.qscope.store.StaleRowException;
import io.qscope.store.UnitOutcome;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What users have agreed to at clients, so that they need not be asked twice. */
public final class ConsentService {

    /** Each means that somebody else wrote the same consent in between. */
    private static final int MOST_TRIES = 50;

    private final ServiceContext context;
    private final Revocations revocations;

    ConsentService(ServiceContext context) {
        this.context = context;
        this.revocations = new Revocations(context);
    }

    /**
     * Adds scopes to what a user has agreed to at a client.
     *
     * <p>Repeat: nothing is left to add, and nothing is written. Concurrency: no scope of any number of calls is lost.
     *
     * @return the consent as it stands now; {@code NOT_FOUND} for an unknown client and {@code invalid_client} for one that is deleted
     *     meanwhile, {@code INVALID} when there is nothing to add
     */
    public CompletableFuture<Result<Consent>> grant(
            String clientIdentifier, String userId, Set<String> scopes, RayId ray) {
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(scopes, "scopes");
        return Refusal.answer(
                named(clientIdentifier, userId, ray).thenCompose(client -> grant(client, userId, scopes, ray, 1)),
                200,
                ray);
    }

    private CompletableFuture<Consent> grant(
            OAuthClient client, String userId, Set<String> scopes, RayId ray, int tries) {
        if (scopes.isEmpty()) {
            throw Refusal.invalid("a consent names at least one scope");
        }
        return context.storage
                .consents()
                .getByClientAndUser(client.id(), userId, ray)
                .thenCompose(found -> found.map(Consent::scopes)
                                .filter(had -> had.containsAll(scopes))
                                .isPresent()
                        ? CompletableFuture.completedFuture(found.get())
                        : write(client, userId, scopes, found, ray))
                .exceptionallyCompose(thrown -> {
                    Throwable failure = Refusal.cause(thrown);
                    boolean beaten = failure instanceof StaleRowException
                            || failure instanceof DuplicateRowException
                            || failure instanceof RowNotFoundException;
                    return beaten && tries < MOST_TRIES
                            ? grant(client, userId, scopes, ray, tries + 1)
                            : CompletableFuture.failedFuture(failure);
                });
    }

    private CompletableFuture<Consent> write(
            OAuthClient client, String userId, Set<String> scopes, Optional<Consent> found, RayId ray) {
        Attempt attempt = context.attempt(client, context.now());
        Set<String> all = new LinkedHashSet<>(found.map(Consent::scopes).orElse(Set.of()));
        all.addAll(scopes);
        Consent consent = Refusal.unlessInvalid(() -> found.map(Consent::toBuilder)
                .orElseGet(() -> Consent.builder()
                        .id(RowIds.next())
                        .clientId(client.id())
                        .userId(userId)
                        .createdAt(attempt.at())
                        .createdBy(attempt.by()))
                .scopes(all)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build());
        return context.units
                .unguarded(
                        attempt,
                        unit -> {
                            if (found.isPresent()) {
                                unit.update(consent);
                            } else {
                                unit.insert(consent);
                            }
                        },
                        context.entry(
                                AuditEvent.CONSENT_GRANTED,
                                consent.id(),
                                client.id(),
                                userId,
                                Map.of("scope", Scopes.told(scopes)),
                                attempt,
                                ray),
                        ray)
                .thenApply(done ->
                        consent.toBuilder().version(consent.version() + 1).build());
    }

    /**
     * What a user has agreed to at a client.
     *
     * @return the scopes, none when there is no consent; {@code NOT_FOUND} for an unknown client
     */
    public CompletableFuture<Result<Set<String>>> granted(String clientIdentifier, String userId, RayId ray) {
        Objects.requireNonNull(userId, "userId");
        return Refusal.answer(
                named(clientIdentifier, userId, ray)
                        .thenCompose(client -> context.storage.consents().getByClientAndUser(client.id(), userId, ray))
                        .thenApply(found -> found.map(Consent::scopes).orElse(Set.of())),
                200,
                ray);
    }

    /** Lists a user's consents, revoked ones too, ordered by id. */
    public CompletableFuture<Result<Slice<Consent>>> list(String userId, Page page, RayId ray) {
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(page, "page");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                CompletableFuture.completedFuture(userId).thenCompose(user -> {
                    ServiceContext.requireUserId(user, ray);
                    return Refusal.ofPage(context.storage.consents().listByUser(user, page, ray));
                }),
                200,
                ray);
    }

    /**
     * Withdraws a user's consent at a client, and revokes the user's families there, each in a commit of its own with its entry. The
     * families go first, so that a call that failed half-way can be repeated, and again after the consent, for those that somebody
     * was given on the strength of it meanwhile. Concurrency: what is granted anew afterwards stays.
     *
     * @param by who asks for it: the user, by the same id, or somebody in charge. The log does not name the user
     * @return nothing; {@code NOT_FOUND} for an unknown client, or when there is no consent
     */
    public CompletableFuture<Result<Void>> revoke(String clientIdentifier, String userId, String by, RayId ray) {
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(by, "by");
        return Refusal.answer(
                named(clientIdentifier, userId, ray)
                        .thenCompose(client -> context.storage
                                .consents()
                                .getByClientAndUser(client.id(), userId, ray)
                                .thenCompose(found -> revoke(
                                        client,
                                        found.orElseThrow(
                                                () -> Refusal.notFound("the user has no consent at this client")),
                                        by,
                                        ray))),
                200,
                ray);
    }

    private CompletableFuture<@Nullable Void> revoke(OAuthClient client, Consent consent, String by, RayId ray) {
        String actor = by.equals(consent.userId()) ? context.people.of(by) : by;
        return revokeFamilies(client, consent.userId(), actor, Page.first(Page.MOST), ray)
                .thenCompose(families -> withdraw(client, consent, families, actor, ray))
                .thenCompose(done -> revokeFamilies(client, consent.userId(), actor, Page.first(Page.MOST), ray))
                .thenApply(done -> null);
    }

    private CompletableFuture<UnitOutcome> withdraw(
            OAuthClient client, Consent consent, int families, String actor, RayId ray) {
        Attempt attempt = context.attempt(actor);
        AuditLog entry = context.entry(
                AuditEvent.CONSENT_REVOKED,
                consent.id(),
                client.id(),
                consent.userId(),
                Map.of("authorizations", families),
                attempt,
                ray);
        return context.units.unguarded(attempt, unit -> unit.revokeConsent(consent.id()), entry, ray);
    }

    private CompletableFuture<Integer> revokeFamilies(
            OAuthClient client, String userId, String by, Page page, RayId ray) {
        return context.storage.authorizations().listByUser(userId, page, ray).thenCompose(slice -> {
            List<Authorization> live = slice.rows().stream()
                    .filter(root -> root.isLive() && root.clientId().equals(client.id()))
                    .toList();
            CompletableFuture<Void> all = CompletableFuture.allOf(live.stream()
                    .map(root -> revocations.authorization(root, Map.of(), context.attempt(by), ray))
                    .toArray(CompletableFuture[]::new));
            return all.thenCompose(done -> slice.nextPage(Page.MOST)
                            .map(next -> revokeFamilies(client, userId, by, next, ray))
                            .orElseGet(() -> CompletableFuture.completedFuture(0)))
                    .thenApply(more -> more + live.size());
        });
    }

    /** The client, if the user's id is one that a row would take. */
    private CompletableFuture<OAuthClient> named(String clientIdentifier, String userId, RayId ray) {
        return context.client(clientIdentifier, ray).thenApply(client -> {
            ServiceContext.requireUserId(userId, ray);
            return client;
        });
    }
}
