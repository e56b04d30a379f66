package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.engine.Arguments;
import io.qscope.engine.Callbacks;
import io.qscope.key.KeyRing;
import io.qscope.key.TokenHasher;
import io.qscope.model.AuditLog;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Storage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What every service works with: the storage, the keys, the time and the policy. */
final class ServiceContext implements AutoCloseable {

    final Storage storage;
    final Supplier<KeyRing> keys;
    final ServicePolicy policy;
    final TokenHasher tokens;
    final TokenHasher userCodes;
    final PersonReferences people;
    final Callbacks callbacks = Callbacks.growing();
    final LostAnswer lostAnswer;
    final AuditedUnits units;
    private final InstantSource clock;

    ServiceContext(Storage storage, Supplier<KeyRing> keys, InstantSource clock, ServicePolicy policy) {
        this.storage = storage;
        this.keys = keys;
        this.clock = clock;
        this.policy = policy;
        this.tokens = policy.keyedTokens() ? TokenHasher.hmac(keys) : TokenHasher.sha256(keys);
        this.userCodes = TokenHasher.userCodes(keys);
        this.people = new PersonReferences(keys);
        this.lostAnswer = new LostAnswer(callbacks);
        this.units = new AuditedUnits(storage, lostAnswer);
    }

    /** The time, as rows hold it. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** A new attempt of a client. */
    Attempt attempt(OAuthClient client, Instant at) {
        return Attempt.of(at, client.clientIdentifier());
    }

    /**
     * A new attempt, now, of whoever is named by the caller.
     *
     * @throws Refusal when no row would take the name
     */
    Attempt attempt(String by) {
        return Refusal.unlessInvalid(() -> Attempt.of(now(), by));
    }

    /**
     * The client of that name, enabled or not.
     *
     * @return fails with a {@link Refusal} when there is none
     */
    CompletableFuture<OAuthClient> client(String clientIdentifier, RayId ray) {
        return findClient(clientIdentifier, ray)
                .thenApply(found -> found.orElseThrow(() -> Refusal.notFound("there is no such client")));
    }

    /** The client of that name, enabled or not. Text that has no UTF-8 form, which a store may refuse to look for, names none. */
    CompletableFuture<Optional<OAuthClient>> findClient(String clientIdentifier, RayId ray) {
        return canBeKey(clientIdentifier)
                ? storage.clients().getByClientIdentifier(clientIdentifier, ray)
                : CompletableFuture.completedFuture(Optional.empty());
    }

    /**
     * Looks a presented value up under each digest that it may be held by.
     *
     * @param lookup one of the tables' {@code getBy…}
     */
    <T> CompletableFuture<Optional<T>> find(
            TokenHasher hasher,
            String value,
            BiFunction<TokenDigest, RayId, CompletableFuture<Optional<T>>> lookup,
            RayId ray) {
        return find(hasher.candidates(value), lookup, ray);
    }

    private static <T> CompletableFuture<Optional<T>> find(
            List<TokenDigest> candidates,
            BiFunction<TokenDigest, RayId, CompletableFuture<Optional<T>>> lookup,
            RayId ray) {
        return lookup.apply(candidates.get(0), ray)
                .thenCompose(found -> found.isPresent() || candidates.size() == 1
                        ? CompletableFuture.completedFuture(found)
                        : find(candidates.subList(1, candidates.size()), lookup, ray));
    }

    /**
     * An entry for the audit log.
     *
     * @param userId the person, who is referred to and not named
     */
    AuditLog entry(
            AuditEvent event,
            @Nullable String subject,
            @Nullable String clientId,
            @Nullable String userId,
            Map<String, Object> metadata,
            Attempt attempt,
            RayId ray) {
        return AuditLog.builder()
                .id(RowIds.next())
                .eventType(event.type())
                .subject(subject)
                .clientId(clientId)
                .userId(userId == null ? null : people.of(userId))
                .rayId(ray)
                .metadata(metadata)
                .createdAt(attempt.at())
                .createdBy(attempt.by())
                .build();
    }

    /**
     * A user id as rows take it.
     *
     * @throws Refusal when it is none
     */
    static void requireUserId(String userId, RayId ray) {
        try {
            Arguments.userId(userId, ray);
        } catch (InvalidRowException refused) {
            throw Refusal.invalid(
                    "userId is none that a row would take: blank, too long, or with characters that none has");
        }
    }

    /** Whether text can be the key of a row at all: half a surrogate pair has no UTF-8 form, and a store may refuse it. */
    static boolean canBeKey(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Starts no more threads for what is asked again. */
    @Override
    public void close() {
        callbacks.close();
    }
}
