package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.Consent;
import io.qscope.model.Limits;
import io.qscope.model.OAuthClient;
import io.qscope.store.Attempt;
import io.qscope.store.ConsentTable;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Guarantee;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Page;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.RevokeOutcome.AlreadyRevoked;
import io.qscope.store.RevokeOutcome.Revoked;
import io.qscope.store.RevokeOutcome.Unknown;
import io.qscope.store.TableName;
import io.qscope.store.UnitOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What consents promise: one that lives for a client and a user, and history that stays. */
abstract class ConsentContract extends ContractGroup {

    private static final Instant LATER = NOW.plusMillis(7);

    ConsentContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void theLiveConsentIsFoundByItsClientAndUserAlone() {
        OAuthClient client = rows().storedClient();
        Consent consent = rows().stored(rows().consent(client));
        Consent theirs = rows().stored(rows().consent(client));
        Consent elsewhere = rows().stored(rows().consent(rows().storedClient()).toBuilder()
                .userId(consent.userId())
                .build());

        assertThat(await(consents().getByClientAndUser(client.id(), consent.userId(), ray())))
                .contains(consent);
        assertThat(await(consents().getByClientAndUser(client.id(), theirs.userId(), ray())))
                .contains(theirs);
        assertThat(await(consents().getByClientAndUser(elsewhere.clientId(), consent.userId(), ray())))
                .contains(elsewhere);
        assertThat(await(consents().getByClientAndUser(elsewhere.clientId(), theirs.userId(), ray())))
                .isEmpty();
        assertThat(await(consents().getByClientAndUser(client.id(), consent.userId() + " ", ray())))
                .isEmpty();
    }

    @Test
    void clientsAndUsersMayBeAsLongAndOddAsTheirIds() {
        FieldValues values = new FieldValues(random());
        List<String> users = values.strings(Limits.NAME);
        List<String> clients = values.strings(Limits.ID);
        for (int i = 0; i < clients.size(); i++) {
            OAuthClient client =
                    rows().stored(rows().client().toBuilder().id(clients.get(i)).build());
            Consent consent = rows().stored(rows().consent(client).toBuilder()
                    .userId(users.get(i))
                    .build());

            assertThat(await(consents().getByClientAndUser(client.id(), users.get(i), ray())))
                    .contains(consent);
            assertThat(await(consents().listByUser(users.get(i), Page.first(2), ray()))
                            .rows())
                    .containsExactly(consent);
        }
    }

    @Test
    void aSecondLiveConsentIsRefusedAndNamed() {
        Consent first = rows().storedConsent();
        Consent second = like(first);

        DuplicateRowException failure =
                failure(DuplicateRowException.class, ray -> consents().insert(second, ray));

        assertThat(failure.key()).isEqualTo("clientId and userId").isEqualTo(ConsentTable.LIVE_KEY);
        assertThat(failure.table()).isEqualTo(TableName.CONSENTS);
        assertThat(await(consents().getById(second.id(), ray()))).isEmpty();
        assertThat(row(consents(), first.id())).isEqualTo(first);
        assertThat(failure(DuplicateRowException.class, ray -> consents().insert(first, ray))
                        .key())
                .isEqualTo("id");
    }

    @Test
    void aRevokedConsentIsNotFoundByItsClientAndUserAndStaysAsHistory() {
        Consent consent = rows().storedConsent();

        RevokeOutcome<Consent> outcome = await(consents().revoke(consent.id(), attempt(LATER), ray()));

        Consent revoked = consent.toBuilder()
                .version(2)
                .revokedAt(LATER)
                .updatedAt(LATER)
                .updatedBy(BY)
                .build();
        assertThat(outcome).isEqualTo(new Revoked<>(revoked));
        assertThat(outcome.won()).isTrue();
        assertThat(revoked.isLive()).isFalse();
        assertThat(row(consents(), consent.id())).isEqualTo(revoked);
        assertThat(await(consents().getByClientAndUser(consent.clientId(), consent.userId(), ray())))
                .isEmpty();
        assertThat(await(consents().listByUser(consent.userId(), Page.first(2), ray()))
                        .rows())
                .containsExactly(revoked);
    }

    @Test
    void whoConsentsAnewGetsANewRow() {
        Consent first = rows().storedConsent();
        await(consents().revoke(first.id(), attempt(NOW), ray()));

        Consent second = rows().stored(like(first));

        assertThat(await(consents().getByClientAndUser(first.clientId(), first.userId(), ray())))
                .contains(second);
        assertThat(row(consents(), first.id()).revokedAt()).isEqualTo(NOW);
        failure(DuplicateRowException.class, ray -> consents().insert(like(first), ray));
    }

    @Test
    void aDeletedConsentMakesRoomForAnother() {
        Consent first = rows().storedConsent();
        await(consents().deleteById(first.id(), ray()));

        Consent second = rows().stored(like(first));

        assertThat(await(consents().getByClientAndUser(first.clientId(), first.userId(), ray())))
                .contains(second);
    }

    @Test
    void historyIsTakenAsGivenBesideTheLiveConsent() {
        Consent live = rows().storedConsent();
        List<Consent> all = new ArrayList<>(List.of(live));
        for (int i = 0; i < 3; i++) {
            all.add(rows().stored(
                            like(live).toBuilder().revokedAt(NOW.plusMillis(i)).build()));
        }

        assertThat(await(consents().getByClientAndUser(live.clientId(), live.userId(), ray())))
                .contains(live);
        assertThat(await(consents().listByUser(live.userId(), Page.first(10), ray()))
                        .rows())
                .containsExactlyInAnyOrderElementsOf(all);
        Consent imported = all.get(1);
        assertThat(await(consents().revoke(imported.id(), attempt(LATER), ray())))
                .isEqualTo(new AlreadyRevoked<>(imported));
    }

    @Test
    void revokingAgainChangesNothingAndTheFirstMomentStays() {
        Consent consent = rows().storedConsent();
        await(consents().revoke(consent.id(), attempt(NOW), ray()));
        Consent revoked = row(consents(), consent.id());

        assertThat(await(consents().revoke(consent.id(), attempt(LATER), ray())))
                .isEqualTo(new AlreadyRevoked<>(revoked));

        assertThat(row(consents(), consent.id())).isEqualTo(revoked);
        assertThat(revoked.revokedAt()).isEqualTo(NOW);
        assertThat(await(consents().revoke(rows().id(), attempt(NOW), ray()))).isEqualTo(new Unknown<>());
    }

    @Test
    void repeatingARevocationIsAnsweredAgainAlsoAfterAnUpdate() {
        Consent consent = rows().storedConsent();
        Attempt attempt = attempt(NOW);
        var first = await(consents().revoke(consent.id(), attempt, ray()));

        assertThat(await(consents().revoke(consent.id(), attempt, ray()))).isEqualTo(first);
        await(consents()
                .update(
                        row(consents(), consent.id()).toBuilder()
                                .updatedBy("somebody")
                                .build(),
                        ray()));
        assertThat(await(consents().revoke(consent.id(), new Attempt(attempt.id(), LATER, BY), ray())))
                .isEqualTo(new Revoked<>(row(consents(), consent.id())));
        assertThat(row(consents(), consent.id()).version()).isEqualTo(3);
    }

    @Test
    void aRevokedConsentIsNotRevivedByAnUpdate() {
        Consent consent = rows().storedConsent();
        await(consents().revoke(consent.id(), attempt(NOW), ray()));
        Consent revoked = row(consents(), consent.id());

        failure(
                InvalidRowException.class,
                ray -> consents().update(revoked.toBuilder().revokedAt(null).build(), ray));
        failure(
                InvalidRowException.class,
                ray -> consents().update(revoked.toBuilder().revokedAt(LATER).build(), ray));
        await(consents().update(revoked.toBuilder().scopes(Set.of("less")).build(), ray()));

        assertThat(row(consents(), consent.id()).revokedAt()).isEqualTo(NOW);
        assertThat(await(consents().getByClientAndUser(consent.clientId(), consent.userId(), ray())))
                .isEmpty();
    }

    @Test
    void aConsentIsRevokedAndAnotherGivenInOneUnit() {
        claims(Guarantee.UNIT_OF_WORK);
        Consent first = rows().storedConsent();
        Consent second = like(first);

        UnitOutcome outcome = await(storage()
                .unitOfWork(attempt(NOW))
                .revokeConsent(first.id())
                .insert(second)
                .commit(ray()));

        assertThat(outcome).isEqualTo(new UnitOutcome.Committed(List.of(new Revoked<>(row(consents(), first.id())))));
        assertThat(await(consents().getByClientAndUser(first.clientId(), first.userId(), ray())))
                .contains(second.toBuilder().version(1).build());
    }

    @Test
    void aUnitThatGivesASecondLiveConsentWritesNothing() {
        claims(Guarantee.UNIT_OF_WORK);
        Consent consent = rows().consent(rows().storedClient());
        Consent second = like(consent);

        DuplicateRowException failure = failure(
                DuplicateRowException.class,
                ray -> storage()
                        .unitOfWork(attempt(NOW))
                        .insert(consent)
                        .insert(second)
                        .commit(ray));

        assertThat(failure.part()).isEqualTo(1);
        assertThat(failure.key()).isEqualTo(ConsentTable.LIVE_KEY);
        assertThat(await(consents().getById(consent.id(), ray()))).isEmpty();
        assertThat(await(consents().getByClientAndUser(consent.clientId(), consent.userId(), ray())))
                .isEmpty();
    }

    private ConsentTable consents() {
        return storage().consents();
    }

    /** Another row, not stored, for the same client and user. */
    private Consent like(Consent consent) {
        return consent.toBuilder().id(rows().id()).version(0).build();
    }
}
