package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.Consent;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Grace;
import io.qscope.store.Guarantee;
import io.qscope.store.InvalidRowException;
import io.qscope.store.MissingReferenceException;
import io.qscope.store.RevokedAuthorizationException;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.StaleRowException;
import io.qscope.store.StorageException;
import io.qscope.store.TableName;
import io.qscope.store.UnitOfWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A unit of work of which one part fails leaves nothing, whichever part it is. */
abstract class UnitFailureContract extends ContractGroup {

    private static final int PARTS = 5;

    /** A part that fails, and what with. */
    record BadPart(String name, Class<? extends StorageException> failure, BiConsumer<Rows, UnitOfWork> part) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<BadPart> BAD_PARTS = List.of(
            new BadPart("a taken id", DuplicateRowException.class, (rows, unit) -> unit.insert(rows.storedClient())),
            new BadPart("a taken digest", DuplicateRowException.class, (rows, unit) -> {
                AccessToken taken = rows.storedAccessToken();
                unit.insert(taken.toBuilder().id(rows.id()).build());
            }),
            new BadPart("a second live consent", DuplicateRowException.class, (rows, unit) -> {
                Consent live = rows.storedConsent();
                unit.insert(live.toBuilder().id(rows.id()).build());
            }),
            new BadPart(
                    "a missing parent",
                    MissingReferenceException.class,
                    (rows, unit) -> unit.insert(rows.accessToken(rows.authorization(rows.storedClient())))),
            new BadPart("a revoked root", RevokedAuthorizationException.class, (rows, unit) -> {
                Authorization root = rows.authorization(rows.storedClient());
                Authorization revoked =
                        rows.stored(root.toBuilder().revokedAt(NOW).build());
                unit.insert(rows.code(revoked));
            }),
            new BadPart(
                    "a stale version",
                    StaleRowException.class,
                    (rows, unit) -> unit.update(
                            rows.storedClient().toBuilder().version(7).build())),
            new BadPart("an absent row", RowNotFoundException.class, (rows, unit) -> unit.update(rows.client())),
            new BadPart(
                    "a changed digest",
                    InvalidRowException.class,
                    (rows, unit) -> unit.update(rows.storedAccessToken().toBuilder()
                            .token(rows.digest())
                            .build())),
            new BadPart("a consent revived", InvalidRowException.class, (rows, unit) -> {
                Consent revoked = rows.stored(rows.consent(rows.storedClient()).toBuilder()
                        .revokedAt(NOW)
                        .build());
                unit.update(revoked.toBuilder().revokedAt(null).build());
            }),
            new BadPart(
                    "a negative limit",
                    InvalidRowException.class,
                    (rows, unit) -> unit.revokeOldestAccessTokens(rows.id(), rows.user(), -1)),
            new BadPart(
                    "a window that is too long",
                    InvalidRowException.class,
                    (rows, unit) -> unit.count(rows.digest(), Duration.ofDays(1).plusSeconds(1))),
            new BadPart(
                    "a throttle by an id",
                    InvalidRowException.class,
                    (rows, unit) -> unit.deleteById(TableName.THROTTLES, rows.id())),
            new BadPart("a successor of another token", InvalidRowException.class, (rows, unit) -> {
                RefreshToken token = rows.storedRefreshToken();
                RefreshToken stranger = rows.successorOf(token).toBuilder()
                        .predecessorId(rows.id())
                        .build();
                unit.rotate(token.token(), stranger, Grace.NONE);
            }));

    UnitFailureContract(StorageContract kit) {
        super(kit);
    }

    @BeforeEach
    void unitsAreClaimed() {
        claims(Guarantee.UNIT_OF_WORK);
    }

    @ParameterizedTest
    @MethodSource("badParts")
    void aBadPartIsNamedAndNothingIsWritten(BadPart bad, int position) {
        if (bad.failure() == MissingReferenceException.class) {
            claims(Guarantee.FOREIGN_KEYS);
        }
        AuthorizationCode code = rows().storedCode();
        OAuthClient updated = rows().storedClient();
        OAuthClient deleted = rows().storedClient();
        AuditLog entry = rows().auditLog();
        UnitOfWork unit = storage().unitOfWork(attempt(NOW));
        for (int i = 0; i < PARTS; i++) {
            if (i == position) {
                bad.part().accept(rows(), unit);
            } else {
                switch (i < position ? i : i - 1) {
                    case 0 -> unit.consume(code.code());
                    case 1 -> unit.insert(entry);
                    case 2 -> unit.update(updated.toBuilder().isEnabled(false).build());
                    default -> unit.deleteById(TableName.CLIENTS, deleted.id());
                }
            }
        }

        StorageException failure = failure(bad.failure(), unit::commit);

        assertThat(failure.part()).isEqualTo(position);
        assertThat(failure.getMessage()).contains("part " + position);
        assertThat(row(storage().authorizationCodes(), code.id())).isEqualTo(code);
        assertThat(await(storage().auditLog().getById(entry.id(), ray()))).isEmpty();
        assertThat(row(storage().clients(), updated.id())).isEqualTo(updated);
        assertThat(row(storage().clients(), deleted.id())).isEqualTo(deleted);
    }

    static Stream<Arguments> badParts() {
        return BAD_PARTS.stream()
                .flatMap(bad -> IntStream.range(0, PARTS).mapToObj(position -> Arguments.of(bad, position)));
    }

    @Test
    void theFirstOfTwoBadPartsIsNamed() {
        OAuthClient fresh = rows().client();

        StorageException failure = failure(
                DuplicateRowException.class,
                ray -> storage()
                        .unitOfWork(attempt(NOW))
                        .insert(fresh)
                        .insert(rows().storedClient())
                        .update(rows().client())
                        .commit(ray));

        assertThat(failure.part()).isEqualTo(1);
        assertThat(await(storage().clients().getById(fresh.id(), ray()))).isEmpty();
    }

    @Test
    void aRowInsertedUnderARootThatTheUnitRevokedBeforeFails() {
        Authorization root = rows().storedAuthorization();

        StorageException failure = failure(
                RevokedAuthorizationException.class,
                ray -> storage()
                        .unitOfWork(attempt(NOW))
                        .revokeAuthorization(root.id())
                        .insert(rows().accessToken(root))
                        .commit(ray));

        assertThat(failure.part()).isEqualTo(1);
        assertThat(row(storage().authorizations(), root.id())).isEqualTo(root);
    }

    @Test
    void anEmptyUnitIsRefused() {
        failure(
                InvalidRowException.class,
                ray -> storage().unitOfWork(attempt(NOW)).commit(ray));
    }

    @Test
    void aSecondCommitIsRefusedAndTheFirstStays() {
        OAuthClient client = rows().client();
        UnitOfWork unit = storage().unitOfWork(attempt(NOW)).insert(client);
        await(unit.commit(ray()));

        failure(InvalidRowException.class, unit::commit);

        assertThat(row(storage().clients(), client.id()).version()).isEqualTo(1);
    }

    @Test
    void aRowIsWrittenAtMostOnceInAUnit() {
        OAuthClient client = rows().client();
        AuthorizationCode code = rows().storedCode();
        RefreshToken token = rows().storedRefreshToken();
        Consent consent = rows().storedConsent();
        List<UnitOfWork> units = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            units.add(storage().unitOfWork(attempt(NOW)));
        }
        units.get(0).insert(client).insert(client);
        units.get(1).insert(client).update(client);
        units.get(2).insert(client).deleteById(TableName.CLIENTS, client.id());
        units.get(3).consume(code.code()).deleteByCode(code.code());
        units.get(4)
                .rotate(token.token(), rows().successorOf(token), Grace.NONE)
                .revokeRefreshToken(token.token());

        TokenDigest key = rows().digest();
        units.get(6).count(key, Duration.ofMinutes(1)).uncount(key);
        units.get(7).count(key, Duration.ofMinutes(1)).count(TokenDigest.of(key.bytes(), "key"), Duration.ofMinutes(1));
        units.get(5).update(consent).revokeConsent(consent.id());

        units.forEach(unit -> failure(InvalidRowException.class, unit::commit));

        assertThat(await(storage().clients().getById(client.id(), ray()))).isEmpty();
        assertThat(row(storage().authorizationCodes(), code.id())).isEqualTo(code);
        assertThat(row(storage().refreshTokens(), token.id())).isEqualTo(token);
        assertThat(row(storage().consents(), consent.id())).isEqualTo(consent);
    }

    @Test
    void whatIsWrongWithThePartsIsJudgedBeforeTheGuards() {
        OAuthClient client = rows().client();

        StorageException badArgument = failure(
                InvalidRowException.class,
                ray -> lost().revokeOldestAccessTokens(rows().id(), null, -1).commit(ray));
        StorageException badUser = failure(
                InvalidRowException.class,
                ray -> lost().approve(rows().digest(), " ").commit(ray));
        StorageException twice = failure(
                InvalidRowException.class,
                ray -> lost().insert(client).update(client).commit(ray));

        assertThat(badArgument.part()).isEqualTo(1);
        assertThat(badUser.part()).isEqualTo(1);
        assertThat(twice.part()).isEqualTo(2);
    }

    /** A unit whose first part is a guard that loses. */
    private UnitOfWork lost() {
        return storage().unitOfWork(attempt(NOW)).consume(rows().digest());
    }

    @Test
    void theAuditLogIsAppendOnlyInAUnitToo() {
        AuditLog entry = rows().storedAuditLog();
        OAuthClient client = rows().client();

        refusedAsAppendOnly(storage()
                .unitOfWork(attempt(NOW))
                .insert(client)
                .update(entry.toBuilder().eventType("forged").build())
                .commit(ray()));
        refusedAsAppendOnly(storage()
                .unitOfWork(attempt(NOW))
                .insert(client)
                .deleteById(TableName.AUDIT_LOG, entry.id())
                .commit(ray()));

        assertThat(row(storage().auditLog(), entry.id()).eventType()).isEqualTo(entry.eventType());
        assertThat(await(storage().clients().getById(client.id(), ray()))).isEmpty();
    }
}
