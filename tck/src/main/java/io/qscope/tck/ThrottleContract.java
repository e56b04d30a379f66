package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Guarantee;
import io.qscope.store.InvalidRowException;
import io.qscope.store.ThrottleCount;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UnitOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What counters promise: a fixed window, each number once, and what is taken back. Each test has a key of its own. */
abstract class ThrottleContract extends ContractGroup {

    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final Instant END = NOW.plus(WINDOW);
    private static final Instant LAST = END.minusMillis(1);

    private TokenDigest key;

    ThrottleContract(StorageContract kit) {
        super(kit);
        this.key = rows().digest();
    }

    @BeforeEach
    void takeAKey() {
        key = rows().digest();
    }

    @Test
    void theFirstCountBeginsAWindowAtOne() {
        ThrottleCount first = count(NOW);

        assertThat(first).isEqualTo(new ThrottleCount(1, END));
        assertThat(first.won()).isTrue();
    }

    @Test
    void countsAddUpAndTheWindowsEndStays() {
        count(NOW);

        assertThat(count(NOW)).isEqualTo(new ThrottleCount(2, END));
        assertThat(count(NOW.plusMillis(1))).isEqualTo(new ThrottleCount(3, END));
        assertThat(count(LAST)).isEqualTo(new ThrottleCount(4, END));
    }

    @Test
    void aCountAtTheEndBeginsANewWindow() {
        count(NOW);
        count(LAST);

        assertThat(count(END)).isEqualTo(new ThrottleCount(1, END.plus(WINDOW)));
        assertThat(count(END)).isEqualTo(new ThrottleCount(2, END.plus(WINDOW)));
    }

    @Test
    void aCountLongAfterTheEndBeginsANewWindow() {
        count(NOW);
        Instant later = NOW.plus(Duration.ofDays(400));

        assertThat(count(later)).isEqualTo(new ThrottleCount(1, later.plus(WINDOW)));
    }

    @Test
    void aCountFromBeforeTheWindowIsCountedInIt() {
        count(NOW);

        assertThat(count(NOW.minusSeconds(3_600))).isEqualTo(new ThrottleCount(2, END));
    }

    @Test
    void theCountThatBeginsAWindowSaysHowLongItIs() {
        assertThat(count(NOW, Duration.ofSeconds(10))).isEqualTo(new ThrottleCount(1, NOW.plusSeconds(10)));
        assertThat(count(NOW, Duration.ofDays(1))).isEqualTo(new ThrottleCount(2, NOW.plusSeconds(10)));
        assertThat(count(NOW.plusSeconds(10), Duration.ofDays(1)))
                .isEqualTo(new ThrottleCount(1, NOW.plusSeconds(10).plus(Duration.ofDays(1))));
    }

    @Test
    void eachKeyHasACounterOfItsOwn() {
        count(NOW);
        count(NOW);
        key = rows().digest();

        assertThat(count(NOW).count()).isEqualTo(1);
    }

    @Test
    void aKeysBytesAloneCount() {
        count(NOW);
        key = TokenDigest.of(key.bytes(), "another-key");

        assertThat(count(NOW).count()).isEqualTo(2);
    }

    @Test
    void aWindowIsWholeSecondsUpToADay() {
        for (Duration window : List.of(
                Duration.ZERO,
                Duration.ofSeconds(-1),
                Duration.ofMillis(1_500),
                Duration.ofDays(1).plusSeconds(1),
                Duration.ofDays(1).plusNanos(1),
                Duration.ofSeconds(Long.MAX_VALUE))) {
            failure(InvalidRowException.class, ray -> storage().throttles().count(key, window, attempt(NOW), ray));
        }

        assertThat(count(NOW, Duration.ofSeconds(1))).isEqualTo(new ThrottleCount(1, NOW.plusSeconds(1)));
    }

    @Test
    void repeatingTheLastCountIsAnsweredAgainAndAddsNothing() {
        count(NOW);
        Attempt attempt = attempt(NOW);
        ThrottleCount second = count(attempt);

        assertThat(count(attempt)).isEqualTo(second);
        assertThat(count(attempt)).isEqualTo(second);
        assertThat(count(NOW).count()).isEqualTo(3);
    }

    @Test
    void theLastCountsRepeatIsRecognisedAfterTheEndAndAfterOthersTookBack() {
        count(NOW);
        Attempt attempt = attempt(NOW);
        ThrottleCount second = count(attempt);
        uncount(NOW);
        uncount(NOW);

        assertThat(count(attempt)).isEqualTo(second);
        assertThat(count(new Attempt(attempt.id(), END, BY))).isEqualTo(second);
        assertThat(count(NOW).count()).isEqualTo(1);
    }

    @Test
    void anEarlierCountsRepeatCountsOnceMore() {
        Attempt first = attempt(NOW);
        count(first);
        count(NOW);

        assertThat(count(first).count()).isEqualTo(3);
    }

    @Test
    void whatIsTakenBackIsCountedAnew() {
        count(NOW);
        count(NOW);

        uncount(LAST);

        assertThat(count(NOW)).isEqualTo(new ThrottleCount(2, END));
    }

    @Test
    void takingBackStopsAtZeroAndTheWindowStays() {
        count(NOW);
        for (int i = 0; i < 3; i++) {
            uncount(NOW);
        }

        assertThat(count(NOW.plusSeconds(1))).isEqualTo(new ThrottleCount(1, END));
    }

    @Test
    void withoutACounterThereIsNothingToTakeBack() {
        uncount(NOW);

        assertThat(count(NOW)).isEqualTo(new ThrottleCount(1, END));
    }

    @Test
    void nothingIsTakenBackOnceTheWindowIsOver() {
        count(NOW);
        count(NOW);

        uncount(END);

        assertThat(count(LAST).count()).isEqualTo(3);
    }

    @Test
    void takingBackMeansTheWindowThatIsOpen() {
        count(NOW);
        count(END);
        count(END);

        uncount(END);

        assertThat(count(END).count()).isEqualTo(2);
    }

    @Test
    void repeatingTheLastTakingBackDoesNothing() {
        Attempt attempt = attempt(NOW);
        count(NOW);
        count(NOW);
        uncount(attempt);

        uncount(attempt);
        assertThat(count(NOW).count()).isEqualTo(2);
        uncount(attempt);
        assertThat(count(NOW).count()).isEqualTo(3);
    }

    @Test
    void theLastTakingBacksRepeatIsRecognisedInTheNextWindow() {
        Attempt attempt = attempt(NOW);
        count(NOW);
        uncount(attempt);
        count(END);

        uncount(new Attempt(attempt.id(), END, BY));

        assertThat(count(END).count()).isEqualTo(2);
    }

    @Test
    void anEarlierTakingBacksRepeatTakesBackAnother() {
        Attempt first = attempt(NOW);
        for (int i = 0; i < 5; i++) {
            count(NOW);
        }
        uncount(first);
        uncount(NOW);

        uncount(first);

        assertThat(count(NOW).count()).isEqualTo(3);
    }

    @Test
    void oneAttemptMayCountAndTakeBack() {
        Attempt attempt = attempt(NOW);
        count(attempt);
        uncount(attempt);

        assertThat(count(NOW).count()).isEqualTo(1);
    }

    @Test
    void countsArePartsOfAUnitAndTheirAnswersAmongItsOutcomes() {
        claims(Guarantee.UNIT_OF_WORK);
        AuthorizationCode code = rows().storedCode();
        TokenDigest counted = rows().digest();
        TokenDigest takenBack = key;
        count(NOW);

        UnitOutcome outcome = await(storage()
                .unitOfWork(attempt(NOW))
                .uncount(takenBack)
                .count(counted, WINDOW)
                .consume(code.code())
                .commit(ray()));

        assertThat(outcome)
                .isEqualTo(new UnitOutcome.Committed(List.of(
                        new ThrottleCount(1, END),
                        new ConsumeOutcome.Consumed<>(row(storage().authorizationCodes(), code.id())))));
        assertThat(count(NOW).count()).isEqualTo(1);
        key = counted;
        assertThat(count(NOW).count()).isEqualTo(2);
    }

    @Test
    void aUnitThatIsRefusedOrFailsLeavesNoCount() {
        claims(Guarantee.UNIT_OF_WORK);
        OAuthClient taken = rows().storedClient();
        TokenDigest takenBack = rows().digest();
        TokenDigest counted = key;
        key = takenBack;
        count(NOW);

        assertThat(await(unit(counted, takenBack).consume(rows().digest()).commit(ray()))
                        .committed())
                .isFalse();
        failure(
                DuplicateRowException.class,
                ray -> unit(counted, takenBack).insert(taken).commit(ray));

        assertThat(count(NOW).count()).isEqualTo(2);
        key = counted;
        assertThat(count(NOW).count()).isEqualTo(1);
    }

    @Test
    void aRepeatedUnitCountsOnceAndTakesBackOnce() {
        claims(Guarantee.UNIT_OF_WORK);
        AuthorizationCode code = rows().storedCode();
        TokenDigest takenBack = rows().digest();
        TokenDigest counted = key;
        key = takenBack;
        count(NOW);
        count(NOW);
        Attempt attempt = attempt(NOW);
        UnitOutcome first =
                await(unit(attempt, counted, takenBack).consume(code.code()).commit(ray()));

        assertThat(await(unit(attempt, counted, takenBack).consume(code.code()).commit(ray())))
                .isEqualTo(first);

        assertThat(count(NOW).count()).isEqualTo(2);
        await(unit(attempt, counted, takenBack).consume(code.code()).commit(ray()));
        assertThat(count(NOW).count()).isEqualTo(3);
        key = counted;
        assertThat(count(NOW).count()).isEqualTo(2);
        await(unit(attempt, counted, takenBack).consume(code.code()).commit(ray()));
        assertThat(count(NOW).count()).isEqualTo(3);
    }

    private UnitOfWork unit(TokenDigest counted, TokenDigest takenBack) {
        return unit(attempt(NOW), counted, takenBack);
    }

    private UnitOfWork unit(Attempt attempt, TokenDigest counted, TokenDigest takenBack) {
        return storage().unitOfWork(attempt).count(counted, WINDOW).uncount(takenBack);
    }

    private ThrottleCount count(Instant at) {
        return count(at, WINDOW);
    }

    private ThrottleCount count(Instant at, Duration window) {
        return await(storage().throttles().count(key, window, attempt(at), ray()));
    }

    private ThrottleCount count(Attempt attempt) {
        return await(storage().throttles().count(key, WINDOW, attempt, ray()));
    }

    private void uncount(Instant at) {
        uncount(attempt(at));
    }

    private void uncount(Attempt attempt) {
        await(storage().throttles().uncount(key, attempt, ray()));
    }
}
