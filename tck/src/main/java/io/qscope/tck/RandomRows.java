package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.Grace;
import io.qscope.store.Storage;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Rows and arguments at random, of few keys, users and moments, so that calls keep meeting each other. */
final class RandomRows {

    private static final int IDS = 6;
    private static final int DIGESTS = 12;

    private final Random random;
    private final Storage reference;
    private final Rows rows;
    private final List<String> ids;
    private final List<String> users;
    private final List<TokenDigest> digests;

    /**
     * Rows for storages that begin empty.
     *
     * @param reference where rows to update are read
     */
    RandomRows(Random random, Storage reference) {
        this.random = random;
        this.reference = reference;
        this.rows = new Rows(reference, random);
        this.ids = Stream.generate(rows::id).limit(IDS).toList();
        this.users = Stream.generate(rows::user).limit(2).toList();
        this.digests = Stream.generate(
                        () -> TokenDigest.of(rows.digest().bytes(), random.nextBoolean() ? null : "key-1"))
                .limit(DIGESTS)
                .toList();
    }

    /** Every id that a row may have. */
    List<String> ids() {
        return ids;
    }

    /** Every digest that a row or a throttle may have. */
    List<TokenDigest> digests() {
        return digests;
    }

    /** Whole seconds, now and then none. */
    Duration window() {
        return Duration.ofSeconds(random.nextInt(10));
    }

    /** A row of the table with keys and references from the few that there are. */
    <T extends Row> T row(TableCase<T> table) {
        OAuthClient newClient = rows.client().toBuilder()
                .id(id())
                .clientIdentifier(clientIdentifier())
                .build();
        OAuthClient client = some(TableCase.CLIENTS).orElse(newClient);
        Authorization newRoot = rows.authorization(client).toBuilder()
                .id(id())
                .userId(random.nextInt(4) == 0 ? null : user())
                .build();
        Authorization root = some(TableCase.AUTHORIZATIONS)
                .filter(found -> found.isLive() || random.nextInt(5) == 0)
                .orElse(newRoot);
        Row row = switch (table.name()) {
            case CLIENTS -> newClient;
            case AUTHORIZATIONS -> newRoot;
            case AUTHORIZATION_CODES ->
                rows.code(root).toBuilder().code(digest()).expiresAt(expiry()).build();
            case ACCESS_TOKENS -> accessToken(client, root);
            case REFRESH_TOKENS ->
                rows.refreshToken(root).toBuilder()
                        .token(digest())
                        .expiresAt(random.nextInt(3) == 0 ? null : expiry())
                        .build();
            case DEVICE_CODES ->
                rows.deviceCode(root).toBuilder()
                        .deviceCode(digest())
                        .userCode(digest())
                        .expiresAt(expiry())
                        .build();
            case ID_TOKENS ->
                rows.idToken(root).toBuilder()
                        .token(digest())
                        .expiresAt(expiry())
                        .build();
            case AUTHORIZATION_REQUESTS ->
                rows.authorizationRequest(root).toBuilder()
                        .handle(digest())
                        .expiresAt(expiry())
                        .build();
            case CONSENTS ->
                rows.consent(client).toBuilder()
                        .userId(user())
                        .revokedAt(random.nextInt(4) == 0 ? at() : null)
                        .build();
            case SIGNING_KEYS -> rows.signingKey();
            case USERS -> rows.userAccount().toBuilder().username(user()).build();
            case THROTTLES -> throw new AssertionError("throttles have no rows");
            case AUDIT_LOG -> rows.auditLog().toBuilder().rayId(new RayId(id())).build();
        };
        T typed = table.type().cast(RecordFields.with(row, "id", id()));
        return RecordFields.with(typed, "createdAt", at());
    }

    private AccessToken accessToken(OAuthClient client, Authorization root) {
        AccessToken token = random.nextInt(4) == 0 ? rows.accessToken(client) : rows.accessToken(root);
        return token.toBuilder().token(digest()).expiresAt(expiry()).build();
    }

    /** What is stored, mostly as it may be written, now and then as it may not. */
    <T extends Row> T changed(TableCase<T> table) {
        T row = some(table).orElseGet(() -> row(table));
        List<RecordComponent> fields = RecordFields.of(table.type()).stream()
                .filter(field -> !Set.of("id", "version").contains(field.getName()))
                .toList();
        RecordComponent field = fields.get(random.nextInt(fields.size()));
        T changed = row;
        if (random.nextInt(4) == 0) {
            changed = RecordFields.with(changed, field.getName(), RecordFields.get(row(table), field));
        }
        if (random.nextInt(6) == 0 && RecordFields.has(table.type(), "version")) {
            changed = RecordFields.with(changed, "version", (long) random.nextInt(3));
        }
        return changed;
    }

    /** Mostly a row that there is: calls that find nothing prove little. */
    private <T extends Row> Optional<T> some(TableCase<T> table) {
        int start = random.nextInt(ids.size());
        for (int i = 0; i < ids.size() && random.nextInt(20) > 0; i++) {
            String id = ids.get((start + i) % ids.size());
            Optional<T> row = ContractGroup.await(table.in(reference).getById(id, RayId.random()));
            if (row.isPresent()) {
                return row;
            }
        }
        return Optional.empty();
    }

    TokenDigest digestOf(TableCase<?> table, String field) {
        return some(table)
                .map(row -> RecordFields.get(row, field))
                .map(TokenDigest.class::cast)
                .orElseGet(this::digest);
    }

    /** Mostly a fitting successor of the token that has the digest now. */
    RefreshToken successor(TokenDigest digest) {
        RefreshToken any = row(TableCase.REFRESH_TOKENS);
        RefreshToken token = ContractGroup.await(reference.refreshTokens().getByToken(digest, RayId.random()))
                .orElse(any);
        boolean fits = random.nextInt(10) > 0;
        return rows.successorOf(fits ? token : any).toBuilder()
                .id(id())
                .token(digest())
                .expiresAt(random.nextInt(3) == 0 ? null : expiry())
                .build();
    }

    Grace grace() {
        return random.nextBoolean() ? Grace.NONE : new Grace(Duration.ofSeconds(random.nextInt(8)), random.nextInt(3));
    }

    Attempt attempt() {
        return Attempt.of(at(), ContractGroup.BY);
    }

    Instant at() {
        return NOW.plusSeconds(random.nextInt(20)).plusMillis(random.nextInt(2));
    }

    private Instant expiry() {
        return NOW.plusSeconds(5 + random.nextInt(20));
    }

    String id() {
        return ids.get(random.nextInt(ids.size()));
    }

    String clientIdentifier() {
        return "client-" + random.nextInt(IDS);
    }

    String user() {
        return users.get(random.nextInt(users.size()));
    }

    TokenDigest digest() {
        return digests.get(random.nextInt(digests.size()));
    }
}
