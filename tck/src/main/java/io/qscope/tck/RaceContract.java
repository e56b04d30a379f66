package io.qscope.tck;

import io.qscope.store.Guarantee;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every race of the contract. Who races is the subclass's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RaceContract extends ContractGroup {

    /** Rounds stored or checked at once: enough to share commits, and no engine's queue is full. */
    private static final int TOGETHER = 50;

    private static final int PURGE_ROUNDS = 10;

    private final Callers callers = new Callers();

    RaceContract(StorageContract kit) {
        super(kit);
    }

    /** Skips the test unless the engine claims what these races need. */
    abstract void needs();

    /** Lets all callers of a round go at once. */
    abstract List<String> play(Race race, Round round);

    @AfterAll
    final void endCallers() {
        callers.close();
    }

    @Test
    void insertOfOneIdIsWonOnce() {
        run(new TableRaces.InsertOfOneId());
    }

    @Test
    void insertOfOneKeyIsWonOnce() {
        run(new TableRaces.InsertOfOneKey());
    }

    @Test
    void updateOfOneVersionIsWonOnce() {
        run(new TableRaces.Update());
    }

    @Test
    void codeIsConsumedOnce() {
        run(new TransitionRaces.ConsumeOfCode());
    }

    @Test
    void codeIsConsumedByOneAttemptWhateverIsRepeated() {
        run(new TransitionRaces.ConsumeOfCodeWithRepeats());
    }

    @Test
    void authorizationRequestIsConsumedOnce() {
        run(new TransitionRaces.ConsumeOfRequest());
    }

    @Test
    void authorizationRequestIsAnsweredByOneUnit() {
        claims(Guarantee.UNIT_OF_WORK);
        run(new UnitRaces.AnswerOfRequest());
    }

    @Test
    void deviceCodeIsDecidedOnce() {
        run(new TransitionRaces.ApproveOrDeny());
    }

    @Test
    void pollsAreJudgedOneAfterTheOther() {
        run(new TransitionRaces.Poll());
    }

    @Test
    void deviceCodeIsConsumedOnce() {
        run(new TransitionRaces.ConsumeOfDeviceCode());
    }

    @Test
    void rowIsRevokedOnce() {
        run(new TransitionRaces.Revoke());
    }

    @Test
    void countsAreEachToldOnce() {
        run(new ThrottleRaces.Count());
    }

    @Test
    void countsAtTheWindowsEndBeginANewOneTogether() {
        run(new ThrottleRaces.CountAtTheEnd());
    }

    @Test
    void countsAreToldToOneAttemptWhateverIsRepeated() {
        run(new ThrottleRaces.CountWithRepeats());
    }

    @Test
    void whatIsCountedAndTakenBackLeavesNothing() {
        run(new ThrottleRaces.CountAndUncount());
    }

    @Test
    void counterStopsAtZero() {
        run(new ThrottleRaces.Uncount());
    }

    @Test
    void tokenIsRotatedOnce() {
        run(new RotationRaces.Rotate());
    }

    @Test
    void tokenIsRotatedByOneAttemptWhateverIsRepeated() {
        run(new RotationRaces.RotateWithRepeats());
    }

    @Test
    void graceKeepsItsBound() {
        run(new RotationRaces.RotateWithinGrace());
    }

    @Test
    void graceEndsWhenASuccessorIsRotated() {
        run(new RotationRaces.RotateOfSuccessors());
    }

    @Test
    void revokedFamilyIsNotRotated() {
        run(new RevocationRaces.AgainstRotate());
    }

    @Test
    void revokedFamilyIsNotAddedTo() {
        run(new RevocationRaces.AgainstInsert());
    }

    @Test
    void revokedFamilyIsNotRevivedByAnUpdate() {
        run(new RevocationRaces.AgainstUpdate());
    }

    @Test
    void tokenOfARevokedFamilyIsNotRevivedByAnUpdate() {
        run(new RevocationRaces.AgainstUpdateOfChild());
    }

    @Test
    void revokedTokenIsNotRevivedByAnUpdate() {
        run(new RevocationRaces.TokenAgainstUpdate());
    }

    @Test
    void revokedConsentIsNotRevivedByAnUpdate() {
        run(new RevocationRaces.ConsentAgainstUpdate());
    }

    @Test
    void revokedFamilyIsNotUsedByAUnit() {
        claims(Guarantee.UNIT_OF_WORK);
        run(new RevocationRaces.AgainstUnit());
    }

    @Test
    void codeIsRedeemedByOneUnit() {
        claims(Guarantee.UNIT_OF_WORK);
        run(new UnitRaces.RedeemOfCode());
    }

    @Test
    void unitsThatCrossAreWonOnce() {
        claims(Guarantee.UNIT_OF_WORK);
        run(new UnitRaces.UpdatesOfTwoRows());
    }

    @Test
    void consentAnewIsGivenOnce() {
        claims(Guarantee.UNIT_OF_WORK);
        run(new UnitRaces.ConsentAnew());
    }

    @Test
    void deletedFamilyLeavesNothingBehind() {
        claims(Guarantee.FOREIGN_KEYS);
        run(new UnitRaces.DeleteOfFamily());
    }

    @Test
    void overdueRowsArePurgedOnce() {
        // A purge may look at all that the other races left behind.
        run(new PurgeRace(), Math.min(rounds(), PURGE_ROUNDS));
    }

    /** Begins the calls of some callers of a round, each on the storage given for it, and waits for their answers. */
    final List<String> answers(Race race, List<Integer> some, List<Round> rounds) {
        return callers.begin(some, caller -> race.call(rounds.get(caller % rounds.size()), caller)).stream()
                .map(ContractGroup::await)
                .toList();
    }

    /** How many rounds there are. */
    int rounds() {
        return kit().rounds();
    }

    private void run(Race race) {
        run(race, rounds());
    }

    private void run(Race race, int count) {
        needs();
        String run = Round.newRun(random());
        await(storage().clients().insert(round(run, 0).client(), ray()));
        List<Answers> answers = new ArrayList<>();
        for (int first = 0; first < count; first += TOGETHER) {
            List<Round> rounds = IntStream.range(first, Math.min(first + TOGETHER, count))
                    .mapToObj(number -> round(run, number))
                    .toList();
            List<? extends CompletableFuture<?>> prepared =
                    rounds.stream().map(race::prepare).toList();
            prepared.forEach(ContractGroup::await);
            rounds.forEach(round -> answers.add(new Answers(play(race, round))));
        }
        for (int number = 0; number < answers.size(); number++) {
            check(race, round(run, number), answers.get(number));
        }
    }

    private static void check(Race race, Round round, Answers answers) {
        try {
            race.check(round, answers);
        } catch (AssertionError e) {
            throw new AssertionError("round " + round.number() + ": " + e.getMessage(), e);
        }
    }

    private Round round(String run, int number) {
        return new Round(run, number, storage());
    }
}
