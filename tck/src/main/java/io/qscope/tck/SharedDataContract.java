package io.qscope.tck;

import static io.qscope.tck.Rows.EXPIRY;
import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Consent;
import io.qscope.model.DeviceCode;
import io.qscope.model.IdToken;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.model.SigningKey;
import io.qscope.model.TokenDigest;
import io.qscope.model.UserAccount;
import io.qscope.store.Grace;
import io.qscope.store.Guarantee;
import io.qscope.store.Page;
import io.qscope.store.Storage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever one storage acknowledged, another storage on the same data sees, also where it read before. Each test has data
 * of its own.
 */
abstract class SharedDataContract extends ContractGroup {

    private static final Page PAGE = Page.first(10);

    private Storage writer;
    private Storage reader;
    private Rows rows;

    SharedDataContract(StorageContract kit) {
        super(kit);
        this.writer = kit.storage();
        this.reader = kit.storage();
        this.rows = rows();
    }

    @BeforeEach
    void openTwo() {
        claims(Guarantee.SHARED_BY_STORAGES);
        String location = emptyLocation();
        writer = closedAfterTest(kit().open(location));
        reader = closedAfterTest(kit().open(location));
        rows = rows(writer);
    }

    static List<TableCase<?>> everyTable() {
        return TableCase.all();
    }

    static Stream<TableCase<?>> mutableTables() {
        return TableCase.mutable();
    }

    @ParameterizedTest
    @MethodSource("everyTable")
    <T extends Row> void anInsertIsSeenByEveryLookup(TableCase<T> table) {
        T row = table.fresh().apply(rows);

        seen(storage -> lookups(storage, row), () -> table.in(writer).insert(row, ray()));
    }

    @ParameterizedTest
    @MethodSource("mutableTables")
    <T extends Row> void anUpdateIsSeenByEveryLookup(TableCase<T> table) {
        T row = stored(table);

        seen(
                storage -> lookups(storage, row),
                () -> table.in(writer).update(RecordFields.with(row, "updatedBy", "another"), ray()));
    }

    @ParameterizedTest
    @MethodSource("mutableTables")
    <T extends Row> void aDeletionIsSeenByEveryLookup(TableCase<T> table) {
        T row = stored(table);

        seen(storage -> lookups(storage, row), () -> table.in(writer).deleteById(row.id(), ray()));
    }

    @Test
    void aConsumptionIsSeen() {
        AuthorizationCode code = rows.storedCode();

        seen(
                storage -> lookups(storage, code),
                () -> writer.authorizationCodes().consume(code.code(), attempt(NOW), ray()));
    }

    @Test
    void aConsumptionOfARequestIsSeen() {
        AuthorizationRequest request = rows.storedAuthorizationRequest();

        seen(
                storage -> lookups(storage, request),
                () -> writer.authorizationRequests().consume(request.handle(), attempt(NOW), ray()));
    }

    @Test
    void aRotationIsSeenOnBothTokens() {
        RefreshToken token = rows.storedRefreshToken();
        RefreshToken successor = rows.successorOf(token);

        seen(
                storage -> both(lookups(storage, token), lookups(storage, successor)),
                () -> writer.refreshTokens().rotate(token.token(), successor, Grace.NONE, attempt(NOW), ray()));
    }

    @Test
    void aPollADecisionAndAConsumptionOfADeviceCodeAreSeen() {
        DeviceCode code = rows.storedDeviceCode();
        Function<Storage, List<CompletableFuture<?>>> lookups = storage -> lookups(storage, code);

        seen(lookups, () -> writer.deviceCodes().poll(code.deviceCode(), attempt(NOW), ray()));
        seen(lookups, () -> writer.deviceCodes().approve(code.userCode(), "user", attempt(NOW), ray()));
        seen(lookups, () -> writer.deviceCodes().consume(code.deviceCode(), attempt(NOW), ray()));
    }

    @Test
    void aRevocationOfATokenIsSeen() {
        AccessToken access = rows.storedAccessToken();
        RefreshToken refresh = rows.storedRefreshToken();

        seen(
                storage -> lookups(storage, access),
                () -> writer.accessTokens().revoke(access.token(), attempt(NOW), ray()));
        seen(
                storage -> lookups(storage, refresh),
                () -> writer.refreshTokens().revoke(refresh.token(), attempt(NOW), ray()));
    }

    @Test
    void aRevocationOfAConsentIsSeen() {
        Consent consent = rows.storedConsent();

        seen(storage -> lookups(storage, consent), () -> writer.consents().revoke(consent.id(), attempt(NOW), ray()));
    }

    @Test
    void countsAddUpWhicheverStorageCounts() {
        TokenDigest key = rows.digest();
        Duration window = Duration.ofMinutes(1);

        assertThat(await(writer.throttles().count(key, window, attempt(NOW), ray()))
                        .count())
                .isEqualTo(1);
        assertThat(await(reader.throttles().count(key, window, attempt(NOW), ray()))
                        .count())
                .isEqualTo(2);
        await(writer.throttles().uncount(key, attempt(NOW), ray()));
        assertThat(await(reader.throttles().count(key, window, attempt(NOW), ray()))
                        .count())
                .isEqualTo(2);
    }

    @Test
    void aRevocationOfAFamilyIsSeenOnTheRootAndOnAllItsRows() {
        Authorization root = rows.storedAuthorization();
        List<Row> family = List.of(
                root,
                rows.stored(rows.code(root)),
                rows.stored(rows.accessToken(root)),
                rows.stored(rows.refreshToken(root)),
                rows.stored(rows.deviceCode(root)),
                rows.stored(rows.idToken(root)),
                rows.stored(rows.authorizationRequest(root)));

        seen(
                storage -> family.stream()
                        .flatMap(row -> lookups(storage, row).stream())
                        .toList(),
                () -> writer.authorizations().revoke(root.id(), attempt(NOW), ray()));
    }

    @Test
    void aUnitOfWorkIsSeenWhole() {
        claims(Guarantee.UNIT_OF_WORK);
        AuthorizationCode code = rows.storedCode();
        AccessToken token = rows.accessToken(row(writer.authorizations(), code.authorizationId()));

        seen(
                storage -> both(lookups(storage, code), lookups(storage, token)),
                () -> writer.unitOfWork(attempt(NOW))
                        .consume(code.code())
                        .insert(token)
                        .commit(ray()));
    }

    @Test
    void listingsAndKeysInUseSeeInserts() {
        OAuthClient client = rows.client();
        Authorization root = rows.authorization(client);
        AuditLog entry = rows.auditLog();
        AccessToken token = rows.accessToken(root).toBuilder()
                .token(TokenDigest.of(rows.digest().bytes(), "key"))
                .build();

        seen(
                storage -> List.of(storage.clients().list(PAGE, ray())),
                () -> writer.clients().insert(client, ray()));
        seen(
                storage -> List.of(
                        storage.authorizations().listByClient(client.id(), PAGE, ray()),
                        storage.authorizations().listByUser(String.valueOf(root.userId()), PAGE, ray())),
                () -> writer.authorizations().insert(root, ray()));
        seen(
                storage -> List.of(
                        storage.auditLog().byRay(entry.rayId(), PAGE, ray()),
                        storage.auditLog().page(NOW, EXPIRY, PAGE, ray())),
                () -> writer.auditLog().insert(entry, ray()));
        seen(
                storage -> List.of(storage.keysInUse(NOW, ray())),
                () -> writer.accessTokens().insert(token, ray()));
    }

    /** Asserts that each read on the other storage changes by the write, into what the writer itself reads. */
    private void seen(Function<Storage, List<CompletableFuture<?>>> reads, Supplier<CompletableFuture<?>> write) {
        List<?> before = awaited(reads.apply(reader));
        await(write.get());
        List<?> after = awaited(reads.apply(reader));
        for (int read = 0; read < before.size(); read++) {
            assertThat(after.get(read)).as("read %d, after the write", read).isNotEqualTo(before.get(read));
        }
        assertThat(after).isEqualTo(awaited(reads.apply(writer)));
    }

    private <T extends Row> T stored(TableCase<T> table) {
        T row = table.fresh().apply(rows);
        await(table.in(writer).insert(row, ray()));
        return table.inserted(row);
    }

    /** The row by everything that finds it. */
    private static List<CompletableFuture<?>> lookups(Storage storage, Row row) {
        if (row instanceof OAuthClient client) {
            return List.of(
                    storage.clients().getById(row.id(), ray()),
                    storage.clients().getByClientIdentifier(client.clientIdentifier(), ray()));
        }
        if (row instanceof AuthorizationCode code) {
            return List.of(
                    storage.authorizationCodes().getById(row.id(), ray()),
                    storage.authorizationCodes().getByCode(code.code(), ray()),
                    storage.authorizationCodes().getFamily(code.code(), ray()));
        }
        if (row instanceof AccessToken token) {
            return List.of(
                    storage.accessTokens().getById(row.id(), ray()),
                    storage.accessTokens().getByToken(token.token(), ray()),
                    storage.accessTokens().getFamily(token.token(), ray()));
        }
        if (row instanceof RefreshToken token) {
            return List.of(
                    storage.refreshTokens().getById(row.id(), ray()),
                    storage.refreshTokens().getByToken(token.token(), ray()),
                    storage.refreshTokens().getFamily(token.token(), ray()));
        }
        if (row instanceof DeviceCode code) {
            return List.of(
                    storage.deviceCodes().getById(row.id(), ray()),
                    storage.deviceCodes().getByDeviceCode(code.deviceCode(), ray()),
                    storage.deviceCodes().getByUserCode(code.userCode(), ray()));
        }
        if (row instanceof IdToken token) {
            return List.of(
                    storage.idTokens().getById(row.id(), ray()),
                    storage.idTokens().getByToken(token.token(), ray()),
                    storage.idTokens().listByAuthorization(token.authorizationId(), PAGE, ray()));
        }
        if (row instanceof AuthorizationRequest request) {
            return List.of(
                    storage.authorizationRequests().getById(row.id(), ray()),
                    storage.authorizationRequests().getByHandle(request.handle(), ray()),
                    storage.authorizationRequests().listByAuthorization(request.authorizationId(), PAGE, ray()));
        }
        if (row instanceof Consent consent) {
            return List.of(
                    storage.consents().getById(row.id(), ray()),
                    storage.consents().getByClientAndUser(consent.clientId(), consent.userId(), ray()),
                    storage.consents().listByUser(consent.userId(), PAGE, ray()));
        }
        if (row instanceof SigningKey) {
            return List.of(storage.signingKeys().getById(row.id(), ray()));
        }
        if (row instanceof UserAccount account) {
            return List.of(
                    storage.users().getById(row.id(), ray()), storage.users().getByUsername(account.username(), ray()));
        }
        return row instanceof Authorization
                ? List.of(storage.authorizations().getById(row.id(), ray()))
                : List.of(storage.auditLog().getById(row.id(), ray()));
    }

    private static List<CompletableFuture<?>> both(List<CompletableFuture<?>> one, List<CompletableFuture<?>> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    private static List<?> awaited(List<CompletableFuture<?>> reads) {
        return reads.stream().map(ContractGroup::await).toList();
    }
}
