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
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.Storage;
import io.qscope.store.UnitOfWork;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes calls at random on a few rows, so that they keep meeting each other. */
final class RandomCalls {

    /** One call, which may be made on any number of storages, any number of times. */
    interface Call {
        CompletableFuture<?> on(Storage storage, RayId ray);
    }

    private static final int IDS = 6;
    private static final int DIGESTS = 12;
    private static final int MEMORY = 50;

    private final Random random;
    private final Storage reference;
    private final boolean withUnits;
    private final Rows rows;
    private final List<String> ids;
    private final List<String> users;
    private final List<TokenDigest> digests;
    private final List<Call> earlier = new ArrayList<>();

    /**
     * Calls for two storages that begin empty.
     *
     * @param reference where rows to update are read
     */
    RandomCalls(Random random, Storage reference, boolean withUnits) {
        this.random = random;
        this.reference = reference;
        this.withUnits = withUnits;
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

    /** The next call; now and then an earlier one again, as a caller repeats who missed the answer. */
    Call next() {
        if (!earlier.isEmpty() && random.nextInt(8) == 0) {
            return earlier.get(random.nextInt(earlier.size()));
        }
        Call call = fresh();
        earlier.add(call);
        if (earlier.size() > MEMORY) {
            earlier.remove(0);
        }
        return call;
    }

    private Call fresh() {
        return switch (random.nextInt(withUnits ? 12 : 10)) {
            case 0, 1, 2 -> insert();
            case 3 -> update();
            case 4 -> deletion();
            case 5, 6, 7 -> transition();
            case 8 -> lookup();
            case 9 -> bulk();
            default -> unit();
        };
    }

    private Call insert() {
        return insertOf(TableCase.all().get(random.nextInt(TableCase.all().size())));
    }

    private <T extends Row> Call insertOf(TableCase<T> table) {
        T row = row(table);
        return (storage, ray) -> table.in(storage).insert(row, ray);
    }

    private Call update() {
        List<TableCase<?>> mutable = TableCase.mutable().toList();
        return updateOf(mutable.get(random.nextInt(mutable.size())));
    }

    private <T extends Row> Call updateOf(TableCase<T> table) {
        T row = changed(table);
        return (storage, ray) -> table.in(storage).update(row, ray);
    }

    private Call deletion() {
        // Clients and roots take their families with them: rarely, or nothing ever lives.
        List<TableCase<?>> tables = random.nextInt(6) == 0 ? TableCase.mutable().toList() : TableCase.children();
        TableCase<?> table = tables.get(random.nextInt(tables.size()));
        String id = id();
        TokenDigest digest = digest();
        return switch (random.nextInt(4)) {
            case 0 -> (storage, ray) -> storage.authorizationCodes().deleteByCode(digest, ray);
            case 1 -> (storage, ray) -> storage.accessTokens().deleteByToken(digest, ray);
            default -> (storage, ray) -> table.in(storage).deleteById(id, ray);
        };
    }

    private Call transition() {
        TokenDigest code = digestOf(TableCase.AUTHORIZATION_CODES, "code");
        TokenDigest access = digestOf(TableCase.ACCESS_TOKENS, "token");
        TokenDigest refresh = digestOf(TableCase.REFRESH_TOKENS, "token");
        TokenDigest device = digestOf(TableCase.DEVICE_CODES, "deviceCode");
        TokenDigest user = digestOf(TableCase.DEVICE_CODES, "userCode");
        Attempt attempt = attempt();
        String userId = user();
        String id = id();
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> (storage, ray) -> storage.authorizationCodes().consume(code, attempt, ray);
            case 3, 4, 5, 6 -> rotation(refresh, attempt);
            case 7, 8 -> (storage, ray) -> storage.deviceCodes().approve(user, userId, attempt, ray);
            case 9 -> (storage, ray) -> storage.deviceCodes().deny(user, attempt, ray);
            case 10, 11 -> (storage, ray) -> storage.deviceCodes().poll(device, attempt, ray);
            case 12 -> (storage, ray) -> storage.deviceCodes().consume(device, attempt, ray);
            case 13 -> (storage, ray) -> storage.accessTokens().revoke(access, attempt, ray);
            case 14 -> (storage, ray) -> storage.refreshTokens().revoke(refresh, attempt, ray);
            default -> (storage, ray) -> storage.authorizations().revoke(id, attempt, ray);
        };
    }

    private Call rotation(TokenDigest digest, Attempt attempt) {
        RefreshToken successor = successor(digest);
        Grace grace = grace();
        return (storage, ray) -> storage.refreshTokens().rotate(digest, successor, grace, attempt, ray);
    }

    private Call lookup() {
        TokenDigest digest = digest();
        String id = id();
        String user = user();
        Page page = Page.first(1 + random.nextInt(4));
        Instant at = at();
        String identifier = clientIdentifier();
        return switch (random.nextInt(12)) {
            case 0 -> (storage, ray) -> storage.authorizationCodes().getByCode(digest, ray);
            case 1 -> (storage, ray) -> storage.accessTokens().getByToken(digest, ray);
            case 2 -> (storage, ray) -> storage.refreshTokens().getByToken(digest, ray);
            case 3 -> (storage, ray) -> storage.deviceCodes().getByDeviceCode(digest, ray);
            case 4 -> (storage, ray) -> storage.deviceCodes().getByUserCode(digest, ray);
            case 5 -> (storage, ray) -> storage.clients().getByClientIdentifier(identifier, ray);
            case 6 -> (storage, ray) -> pages(page, next -> storage.clients().list(next, ray));
            case 7 ->
                (storage, ray) -> pages(page, next -> storage.authorizations().listByClient(id, next, ray));
            case 8 ->
                (storage, ray) -> pages(page, next -> storage.authorizations().listByUser(user, next, ray));
            case 9 -> (storage, ray) -> pages(page, next -> storage.auditLog().byRay(new RayId(id), next, ray));
            case 10 -> (storage, ray) -> pages(page, next -> storage.auditLog().page(NOW, at, next, ray));
            default -> (storage, ray) -> storage.keysInUse(at, ray);
        };
    }

    /** A listing's pages, from the first to the last. */
    private static <T> CompletableFuture<List<Slice<T>>> pages(
            Page page, Function<Page, CompletableFuture<Slice<T>>> listing) {
        return listing.apply(page)
                .thenCompose(slice -> slice.nextPage(page.size())
                        .map(next -> pages(next, listing)
                                .thenApply(rest -> Stream.concat(Stream.of(slice), rest.stream())
                                        .toList()))
                        .orElseGet(() -> CompletableFuture.completedFuture(List.of(slice))));
    }

    private Call bulk() {
        String id = id();
        @Nullable String user = random.nextInt(3) == 0 ? null : user();
        int keep = random.nextInt(3);
        Attempt attempt = attempt();
        Instant before = at();
        return switch (random.nextInt(12)) {
            case 0 -> (storage, ray) -> storage.authorizations().revokeByClient(id, attempt, ray);
            case 1 -> (storage, ray) -> storage.authorizations().revokeByUser(users.get(0), attempt, ray);
            case 2 -> (storage, ray) -> storage.purge(before, 100_000, attempt, ray);
            case 3, 4, 5, 6 -> (storage, ray) -> storage.refreshTokens().revokeOldest(id, user, keep, attempt, ray);
            default -> (storage, ray) -> storage.accessTokens().revokeOldest(id, user, keep, attempt, ray);
        };
    }

    private Call unit() {
        Attempt attempt = attempt();
        List<UnaryOperator<UnitOfWork>> parts = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            parts.add(part());
        }
        return (storage, ray) -> {
            UnitOfWork unit = storage.unitOfWork(attempt);
            for (UnaryOperator<UnitOfWork> part : parts) {
                unit = part.apply(unit);
            }
            return unit.commit(ray);
        };
    }

    private UnaryOperator<UnitOfWork> part() {
        TokenDigest code = digestOf(TableCase.AUTHORIZATION_CODES, "code");
        TokenDigest access = digestOf(TableCase.ACCESS_TOKENS, "token");
        TokenDigest refresh = digestOf(TableCase.REFRESH_TOKENS, "token");
        TokenDigest device = digestOf(TableCase.DEVICE_CODES, "deviceCode");
        TokenDigest userCode = digestOf(TableCase.DEVICE_CODES, "userCode");
        String id = id();
        String user = user();
        int keep = random.nextInt(3);
        RefreshToken successor = successor(refresh);
        Grace grace = grace();
        Row inserted = row(TableCase.all().get(random.nextInt(TableCase.all().size())));
        TableCase<?> table =
                TableCase.children().get(random.nextInt(TableCase.children().size()));
        Row updated = changed(table);
        return switch (random.nextInt(18)) {
            case 0, 1, 2 -> unit -> unit.insert(inserted);
            case 3 -> unit -> unit.update(updated);
            case 4 -> unit -> unit.deleteById(table.name(), id);
            case 5 -> unit -> unit.deleteByCode(code);
            case 6 -> unit -> unit.deleteByToken(access);
            case 7, 8 -> unit -> unit.consume(code);
            case 9 -> unit -> unit.consumeDeviceCode(device);
            case 10, 11 -> unit -> unit.rotate(refresh, successor, grace);
            case 12 -> unit -> unit.approve(userCode, user);
            case 13 -> unit -> unit.deny(userCode);
            case 14 -> unit -> unit.poll(device);
            case 15 -> unit -> unit.revokeAuthorization(id);
            case 16 -> unit -> unit.revokeAccessToken(access).revokeRefreshToken(refresh);
            default -> unit -> unit.revokeOldestAccessTokens(id, user, keep);
        };
    }

    /** A row of the table with keys and references from the few that there are. */
    private <T extends Row> T row(TableCase<T> table) {
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
    private <T extends Row> T changed(TableCase<T> table) {
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

    private TokenDigest digestOf(TableCase<?> table, String field) {
        return some(table)
                .map(row -> RecordFields.get(row, field))
                .map(TokenDigest.class::cast)
                .orElseGet(this::digest);
    }

    /** Mostly a fitting successor of the token that has the digest now. */
    private RefreshToken successor(TokenDigest digest) {
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

    private Grace grace() {
        return random.nextBoolean() ? Grace.NONE : new Grace(Duration.ofSeconds(random.nextInt(8)), random.nextInt(3));
    }

    private Attempt attempt() {
        return Attempt.of(at(), ContractGroup.BY);
    }

    private Instant at() {
        return NOW.plusSeconds(random.nextInt(20)).plusMillis(random.nextInt(2));
    }

    private Instant expiry() {
        return NOW.plusSeconds(5 + random.nextInt(20));
    }

    private String id() {
        return ids.get(random.nextInt(ids.size()));
    }

    private String clientIdentifier() {
        return "client-" + random.nextInt(IDS);
    }

    private String user() {
        return users.get(random.nextInt(users.size()));
    }

    private TokenDigest digest() {
        return digests.get(random.nextInt(digests.size()));
    }
}
