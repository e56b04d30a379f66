package io.qscope.tck;

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
import io.qscope.model.TokenDigest;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Guarantee;
import io.qscope.store.MissingReferenceException;
import java.lang.reflect.RecordComponent;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Unique keys, and references with their cascades. */
abstract class ConstraintContract extends ContractGroup {

    private static final Set<String> REFERENCES = Set.of("clientId", "authorizationId");

    ConstraintContract(StorageContract kit) {
        super(kit);
    }

    @ParameterizedTest
    @MethodSource("uniqueKeys")
    <T extends Row> void aTakenKeyIsRefusedAndNamed(TableCase<T> table, RecordComponent key) {
        T row = stored(table);
        T second = RecordFields.with(table.fresh().apply(rows()), key.getName(), RecordFields.get(row, key));

        DuplicateRowException failure =
                failure(DuplicateRowException.class, ray -> table.in(storage()).insert(second, ray));

        assertThat(failure.key()).isEqualTo(key.getName());
        assertThat(failure.table()).isEqualTo(table.name());
        assertThat(await(table.in(storage()).getById(second.id(), ray()))).isEmpty();
        assertThat(row(table.in(storage()), row.id())).isEqualTo(row);
    }

    @ParameterizedTest
    @MethodSource("uniqueKeys")
    <T extends Row> void aDigestIsTakenWhateverItsKeyIsCalled(TableCase<T> table, RecordComponent key) {
        T row = stored(table);
        Object same = RecordFields.get(row, key) instanceof TokenDigest digest
                ? TokenDigest.of(digest.bytes(), "another-key")
                : RecordFields.get(row, key);
        T second = RecordFields.with(table.fresh().apply(rows()), key.getName(), same);

        failure(DuplicateRowException.class, ray -> table.in(storage()).insert(second, ray));
    }

    @ParameterizedTest
    @MethodSource("uniqueKeys")
    <T extends Row> void aFailureNeverHoldsAWholeDigest(TableCase<T> table, RecordComponent key) {
        T row = stored(table);

        DuplicateRowException failure =
                failure(DuplicateRowException.class, ray -> table.in(storage()).insert(row, ray));

        if (RecordFields.get(row, key) instanceof TokenDigest digest) {
            String hex = HexFormat.of().formatHex(digest.bytes());
            assertThat(failure.getMessage()).doesNotContainIgnoringCase(hex);
        }
    }

    static Stream<Arguments> uniqueKeys() {
        return TableCase.all().stream().flatMap(table -> table.uniqueFields().map(key -> Arguments.of(table, key)));
    }

    @Test
    void anUpdateToATakenClientIdentifierIsRefusedAndChangesNothing() {
        OAuthClient first = rows().storedClient();
        OAuthClient second = rows().storedClient();
        OAuthClient taken =
                second.toBuilder().clientIdentifier(first.clientIdentifier()).build();

        DuplicateRowException failure =
                failure(DuplicateRowException.class, ray -> storage().clients().update(taken, ray));

        assertThat(failure.key()).isEqualTo("clientIdentifier");
        assertThat(row(storage().clients(), second.id())).isEqualTo(second);
    }

    @Test
    void aChangedClientIdentifierIsFoundAndTheOldOneIsFree() {
        OAuthClient client = rows().storedClient();
        OAuthClient renamed =
                client.toBuilder().clientIdentifier("renamed-" + rows().id()).build();
        await(storage().clients().update(renamed, ray()));

        assertThat(await(storage().clients().getByClientIdentifier(renamed.clientIdentifier(), ray())))
                .contains(renamed.toBuilder().version(2).build());
        assertThat(await(storage().clients().getByClientIdentifier(client.clientIdentifier(), ray())))
                .isEmpty();
        rows().stored(rows().client().toBuilder()
                .clientIdentifier(client.clientIdentifier())
                .build());
    }

    @Test
    void clientIdentifiersAreComparedExactly() {
        String identifier = "Client-" + rows().id();
        OAuthClient upper = rows().stored(
                        rows().client().toBuilder().clientIdentifier(identifier).build());
        OAuthClient lower = rows().stored(rows().client().toBuilder()
                .clientIdentifier(identifier.toLowerCase(Locale.ROOT))
                .build());

        assertThat(await(storage().clients().getByClientIdentifier(identifier, ray())))
                .contains(upper);
        assertThat(await(storage().clients().getByClientIdentifier(lower.clientIdentifier(), ray())))
                .contains(lower);
        assertThat(await(storage().clients().getByClientIdentifier(identifier + " ", ray())))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("references")
    <T extends Row> void aMissingParentIsRefusedAndNothingIsStored(TableCase<T> table, RecordComponent reference) {
        claims(Guarantee.FOREIGN_KEYS);
        T orphan = RecordFields.with(table.fresh().apply(rows()), reference.getName(), rows().id());

        MissingReferenceException failure = failure(
                MissingReferenceException.class, ray -> table.in(storage()).insert(orphan, ray));

        assertThat(failure.table()).isEqualTo(table.name());
        assertThat(List.of(failure.field().split(" or "))).contains(reference.getName());
        assertThat(await(table.in(storage()).getById(orphan.id(), ray()))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("references")
    <T extends Row> void aTakenKeyIsJudgedBeforeAMissingParent(TableCase<T> table, RecordComponent reference) {
        claims(Guarantee.FOREIGN_KEYS);
        T row = stored(table);
        T orphan = RecordFields.with(row, reference.getName(), rows().id());

        failure(DuplicateRowException.class, ray -> table.in(storage()).insert(orphan, ray));
    }

    static Stream<Arguments> references() {
        return TableCase.mutable()
                .flatMap(table -> RecordFields.of(table.type()).stream()
                        .filter(field -> REFERENCES.contains(field.getName()))
                        .map(field -> Arguments.of(table, field)));
    }

    @Test
    void referencesThatAreNoForeignKeysMayPointNowhere() {
        Authorization root = rows().storedAuthorization();
        AccessToken access = rows().stored(rows().accessToken(root).toBuilder()
                .refreshTokenId(rows().id())
                .build());
        RefreshToken refresh = rows().stored(rows().refreshToken(root).toBuilder()
                .predecessorId(rows().id())
                .build());
        AuditLog entry = rows().stored(
                        rows().auditLog().toBuilder().clientId(rows().id()).build());

        assertThat(row(storage().accessTokens(), access.id())).isEqualTo(access);
        assertThat(row(storage().refreshTokens(), refresh.id())).isEqualTo(refresh);
        assertThat(row(storage().auditLog(), entry.id()).clientId()).isEqualTo(entry.clientId());
    }

    @Test
    void deletingAClientDeletesWhatDescendsFromItAndNothingElse() {
        claims(Guarantee.FOREIGN_KEYS);
        OAuthClient client = rows().storedClient();
        Authorization root = rows().stored(rows().authorization(client));
        List<Row> gone = familyOf(root);
        AccessToken alone = rows().stored(rows().accessToken(client));
        Consent consent = rows().stored(rows().consent(client));
        Consent history =
                rows().stored(consent.toBuilder().id(rows().id()).revokedAt(NOW).build());
        Consent elsewhere = rows().storedConsent();
        List<Row> kept = familyOf(rows().storedAuthorization());
        AuditLog evidence = rows().stored(
                        rows().auditLog().toBuilder().clientId(client.id()).build());

        await(storage().clients().deleteById(client.id(), ray()));

        gone.forEach(this::assertGone);
        assertGone(root);
        assertGone(alone);
        assertGone(consent);
        assertGone(history);
        assertKept(elsewhere);
        kept.forEach(this::assertKept);
        assertThat(await(storage().auditLog().getById(evidence.id(), ray()))).isPresent();
    }

    @Test
    void deletingARootDeletesItsFamilyAndNothingElse() {
        claims(Guarantee.FOREIGN_KEYS);
        OAuthClient client = rows().storedClient();
        Consent consent = rows().stored(rows().consent(client));
        Authorization root = rows().stored(rows().authorization(client));
        List<Row> gone = familyOf(root);
        List<Row> kept = familyOf(rows().stored(rows().authorization(client)));

        await(storage().authorizations().deleteById(root.id(), ray()));

        gone.forEach(this::assertGone);
        kept.forEach(this::assertKept);
        assertKept(consent);
        assertThat(row(storage().clients(), client.id())).isEqualTo(client);
    }

    @Test
    void whatACascadeDeletedIsNotFoundByItsDigest() {
        claims(Guarantee.FOREIGN_KEYS);
        Authorization root = rows().storedAuthorization();
        AuthorizationCode code = rows().stored(rows().code(root));
        RefreshToken refresh = rows().stored(rows().refreshToken(root));
        DeviceCode device = rows().stored(rows().deviceCode(root));
        IdToken idToken = rows().stored(rows().idToken(root));
        AuthorizationRequest request = rows().stored(rows().authorizationRequest(root));

        await(storage().authorizations().deleteById(root.id(), ray()));

        assertThat(await(storage().authorizationCodes().getByCode(code.code(), ray())))
                .isEmpty();
        assertThat(await(storage().refreshTokens().getByToken(refresh.token(), ray())))
                .isEmpty();
        assertThat(await(storage().deviceCodes().getByUserCode(device.userCode(), ray())))
                .isEmpty();
        assertThat(await(storage().idTokens().getByToken(idToken.token(), ray())))
                .isEmpty();
        assertThat(await(storage().authorizationRequests().getByHandle(request.handle(), ray())))
                .isEmpty();
    }

    @Test
    void aTokensDeletionLeavesItsFamily() {
        Authorization root = rows().storedAuthorization();
        RefreshToken token = rows().stored(rows().refreshToken(root));
        RefreshToken successor = rows().stored(rows().successorOf(token));
        AccessToken access = rows().stored(rows().accessToken(root).toBuilder()
                .refreshTokenId(token.id())
                .build());

        await(storage().refreshTokens().deleteById(token.id(), ray()));

        assertThat(row(storage().refreshTokens(), successor.id())).isEqualTo(successor);
        assertThat(row(storage().accessTokens(), access.id())).isEqualTo(access);
        assertThat(row(storage().authorizations(), root.id())).isEqualTo(root);
    }

    private List<Row> familyOf(Authorization root) {
        return List.of(
                rows().stored(rows().code(root)),
                rows().stored(rows().accessToken(root)),
                rows().stored(rows().refreshToken(root)),
                rows().stored(rows().deviceCode(root)),
                rows().stored(rows().idToken(root)),
                rows().stored(rows().authorizationRequest(root)));
    }

    private void assertGone(Row row) {
        assertThat(find(row)).isEmpty();
    }

    private void assertKept(Row row) {
        assertThat(find(row).isPresent()).as("%s is still there", row).isTrue();
    }

    private Optional<? extends Row> find(Row row) {
        TableCase<?> table = TableCase.all().stream()
                .filter(candidate -> candidate.type() == row.getClass())
                .findFirst()
                .orElseThrow();
        return await(table.in(storage()).getById(row.id(), ray()));
    }

    private <T extends Row> T stored(TableCase<T> table) {
        T row = table.fresh().apply(rows());
        await(table.in(storage()).insert(row, ray()));
        return table.inserted(row);
    }
}
