package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;

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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

    private static final int MEMORY = 50;

    /** Tables whose rows take no others with them when they are deleted. */
    private static final List<TableCase<?>> LEAVES = Stream.concat(
                    TableCase.children().stream(),
                    Stream.of(TableCase.CONSENTS, TableCase.SIGNING_KEYS, TableCase.USERS))
            .toList();

    private final Random random;
    private final RandomRows rows;
    private final boolean withUnits;
    private final List<Call> earlier = new ArrayList<>();

    RandomCalls(Random random, RandomRows rows, boolean withUnits) {
        this.random = random;
        this.rows = rows;
        this.withUnits = withUnits;
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
        return switch (random.nextInt(withUnits ? 13 : 11)) {
            case 0, 1, 2 -> insert();
            case 3 -> update();
            case 4 -> deletion();
            case 5, 6, 7 -> transition();
            case 8 -> lookup();
            case 9 -> bulk();
            case 10 -> throttle();
            default -> unit();
        };
    }

    private Call insert() {
        return insertOf(TableCase.all().get(random.nextInt(TableCase.all().size())));
    }

    private <T extends Row> Call insertOf(TableCase<T> table) {
        T row = rows.row(table);
        return (storage, ray) -> table.in(storage).insert(row, ray);
    }

    private Call update() {
        List<TableCase<?>> mutable = TableCase.mutable().toList();
        return updateOf(mutable.get(random.nextInt(mutable.size())));
    }

    private <T extends Row> Call updateOf(TableCase<T> table) {
        T row = rows.changed(table);
        return (storage, ray) -> table.in(storage).update(row, ray);
    }

    private Call deletion() {
        // Clients and roots take their families with them: rarely, or nothing ever lives.
        List<TableCase<?>> tables = random.nextInt(6) == 0 ? TableCase.mutable().toList() : LEAVES;
        TableCase<?> table = tables.get(random.nextInt(tables.size()));
        String id = rows.id();
        TokenDigest digest = rows.digest();
        return switch (random.nextInt(4)) {
            case 0 -> (storage, ray) -> storage.authorizationCodes().deleteByCode(digest, ray);
            case 1 -> (storage, ray) -> storage.accessTokens().deleteByToken(digest, ray);
            default -> (storage, ray) -> table.in(storage).deleteById(id, ray);
        };
    }

    private Call transition() {
        TokenDigest code = rows.digestOf(TableCase.AUTHORIZATION_CODES, "code");
        TokenDigest access = rows.digestOf(TableCase.ACCESS_TOKENS, "token");
        TokenDigest refresh = rows.digestOf(TableCase.REFRESH_TOKENS, "token");
        TokenDigest device = rows.digestOf(TableCase.DEVICE_CODES, "deviceCode");
        TokenDigest user = rows.digestOf(TableCase.DEVICE_CODES, "userCode");
        TokenDigest request = rows.digestOf(TableCase.AUTHORIZATION_REQUESTS, "handle");
        Attempt attempt = rows.attempt();
        String userId = rows.user();
        String id = rows.id();
        return switch (random.nextInt(20)) {
            case 0, 1, 2 -> (storage, ray) -> storage.authorizationCodes().consume(code, attempt, ray);
            case 3, 4, 5, 6 -> rotation(refresh, attempt);
            case 7, 8 -> (storage, ray) -> storage.deviceCodes().approve(user, userId, attempt, ray);
            case 9 -> (storage, ray) -> storage.deviceCodes().deny(user, attempt, ray);
            case 10, 11 -> (storage, ray) -> storage.deviceCodes().poll(device, attempt, ray);
            case 12 -> (storage, ray) -> storage.deviceCodes().consume(device, attempt, ray);
            case 13 -> (storage, ray) -> storage.accessTokens().revoke(access, attempt, ray);
            case 14 -> (storage, ray) -> storage.refreshTokens().revoke(refresh, attempt, ray);
            case 17, 18 -> (storage, ray) -> storage.authorizationRequests().consume(request, attempt, ray);
            case 15, 16 -> (storage, ray) -> storage.consents().revoke(id, attempt, ray);
            default -> (storage, ray) -> storage.authorizations().revoke(id, attempt, ray);
        };
    }

    private Call throttle() {
        TokenDigest key = rows.digest();
        Duration window = rows.window();
        Attempt attempt = rows.attempt();
        return random.nextInt(4) > 0
                ? (storage, ray) -> storage.throttles().count(key, window, attempt, ray)
                : (storage, ray) -> storage.throttles().uncount(key, attempt, ray);
    }

    private Call rotation(TokenDigest digest, Attempt attempt) {
        RefreshToken successor = rows.successor(digest);
        Grace grace = rows.grace();
        return (storage, ray) -> storage.refreshTokens().rotate(digest, successor, grace, attempt, ray);
    }

    private Call lookup() {
        TokenDigest digest = rows.digest();
        String id = rows.id();
        String user = rows.user();
        Page page = Page.first(1 + random.nextInt(4));
        Instant at = rows.at();
        String identifier = rows.clientIdentifier();
        TableCase<?> family =
                TableCase.children().get(random.nextInt(TableCase.children().size()));
        return switch (random.nextInt(25)) {
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
            case 11 -> (storage, ray) -> storage.consents().getByClientAndUser(id, user, ray);
            case 12 -> (storage, ray) -> pages(page, next -> storage.consents().listByUser(user, next, ray));
            case 13 -> (storage, ray) -> storage.idTokens().getByToken(digest, ray);
            case 14 -> (storage, ray) -> storage.authorizationRequests().getByHandle(digest, ray);
            case 15 -> (storage, ray) -> family(storage, family, id, page, ray);
            case 16, 17, 18, 19, 20 -> familyLookup(digest, id);
            case 21 -> (storage, ray) -> storage.users().getByUsername(user, ray);
            case 22 -> (storage, ray) -> pages(page, next -> storage.users().list(next, ray));
            case 23 ->
                (storage, ray) -> pages(page, next -> storage.signingKeys().list(next, ray));
            default -> (storage, ray) -> storage.keysInUse(at, ray);
        };
    }

    private Call familyLookup(TokenDigest digest, String id) {
        return switch (random.nextInt(9)) {
            case 0 -> (storage, ray) -> storage.authorizationCodes().getFamily(digest, ray);
            case 1 -> (storage, ray) -> storage.accessTokens().getFamily(digest, ray);
            case 2 -> (storage, ray) -> storage.refreshTokens().getFamily(digest, ray);
            case 3 -> (storage, ray) -> storage.deviceCodes().getFamilyByDeviceCode(digest, ray);
            case 4 -> (storage, ray) -> storage.deviceCodes().getFamilyByUserCode(digest, ray);
            case 5 -> (storage, ray) -> storage.idTokens().getFamily(digest, ray);
            case 6 -> (storage, ray) -> storage.authorizationRequests().getFamily(digest, ray);
            default -> (storage, ray) -> storage.authorizations().getFamily(id, ray);
        };
    }

    private static <T extends Row> CompletableFuture<List<Slice<T>>> family(
            Storage storage, TableCase<T> table, String root, Page page, RayId ray) {
        return pages(page, next -> table.inFamilies(storage).listByAuthorization(root, next, ray));
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
        String id = rows.id();
        @Nullable String user = random.nextInt(3) == 0 ? null : rows.user();
        String someone = rows.user();
        int keep = random.nextInt(3);
        Attempt attempt = rows.attempt();
        Instant before = rows.at();
        return switch (random.nextInt(12)) {
            case 0 -> (storage, ray) -> storage.authorizations().revokeByClient(id, attempt, ray);
            case 1 -> (storage, ray) -> storage.authorizations().revokeByUser(someone, attempt, ray);
            case 2 -> (storage, ray) -> storage.purge(before, 100_000, attempt, ray);
            case 3, 4, 5, 6 -> (storage, ray) -> storage.refreshTokens().revokeOldest(id, user, keep, attempt, ray);
            default -> (storage, ray) -> storage.accessTokens().revokeOldest(id, user, keep, attempt, ray);
        };
    }

    private Call unit() {
        Attempt attempt = rows.attempt();
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
        TokenDigest code = rows.digestOf(TableCase.AUTHORIZATION_CODES, "code");
        TokenDigest access = rows.digestOf(TableCase.ACCESS_TOKENS, "token");
        TokenDigest refresh = rows.digestOf(TableCase.REFRESH_TOKENS, "token");
        TokenDigest device = rows.digestOf(TableCase.DEVICE_CODES, "deviceCode");
        TokenDigest userCode = rows.digestOf(TableCase.DEVICE_CODES, "userCode");
        TokenDigest request = rows.digestOf(TableCase.AUTHORIZATION_REQUESTS, "handle");
        String id = rows.id();
        String user = rows.user();
        Duration window = rows.window();
        int keep = random.nextInt(3);
        RefreshToken successor = rows.successor(refresh);
        Grace grace = rows.grace();
        Row inserted =
                rows.row(TableCase.all().get(random.nextInt(TableCase.all().size())));
        TableCase<?> table = LEAVES.get(random.nextInt(LEAVES.size()));
        Row updated = rows.changed(table);
        return switch (random.nextInt(22)) {
            case 0, 1, 2 -> unit -> unit.insert(inserted);
            case 3 -> unit -> unit.update(updated);
            case 4 -> unit -> unit.deleteById(table.name(), id);
            case 5 -> unit -> unit.deleteByCode(code);
            case 6 -> unit -> unit.deleteByToken(access);
            case 7, 8 -> unit -> unit.consume(code);
            case 9 -> unit -> unit.consumeDeviceCode(device);
            case 20 -> unit -> unit.consumeAuthorizationRequest(request);
            case 10, 11 -> unit -> unit.rotate(refresh, successor, grace);
            case 12 -> unit -> unit.approve(userCode, user);
            case 13 -> unit -> unit.deny(userCode);
            case 14 -> unit -> unit.poll(device);
            case 15 -> unit -> unit.revokeAuthorization(id);
            case 16 -> unit -> unit.revokeConsent(id);
            case 17 -> unit -> unit.count(access, window);
            case 18 -> unit -> unit.uncount(access);
            case 19 -> unit -> unit.revokeAccessToken(access).revokeRefreshToken(refresh);
            default -> unit -> unit.revokeOldestAccessTokens(id, user, keep);
        };
    }
}
