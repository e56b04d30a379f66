package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DecisionOutcome;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Outcome;
import io.qscope.store.PollOutcome;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.RotateOutcome;
import io.qscope.store.StorageException;
import io.qscope.store.ThrottleCount;
import io.qscope.store.UnitOutcome;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What each caller of a round was told, in words that travel between processes. */
record Answers(List<String> words) {

    /** What a call without an outcome says when it succeeds. */
    static final String DONE = "DONE";

    /** What a count says, before the number. */
    static final String COUNTED = "COUNTED ";

    /** A call's answer, whether it succeeds or fails, in one line. */
    static CompletableFuture<String> of(CompletableFuture<?> call) {
        return call.handle((value, error) -> error == null ? word(value) : word(error));
    }

    /** What this caller was told. */
    String of(int caller) {
        return words.get(caller);
    }

    /** The callers who were told that. */
    List<Integer> callersTold(String word) {
        return IntStream.range(0, words.size())
                .filter(caller -> words.get(caller).equals(word))
                .boxed()
                .toList();
    }

    /** The numbers that callers of a count were told, the lowest first. */
    List<Integer> counts() {
        return words.stream()
                .filter(word -> word.startsWith(COUNTED))
                .map(word -> Integer.valueOf(word.substring(COUNTED.length())))
                .sorted()
                .toList();
    }

    /** Asserts that one caller won and all others lost; returns the winner. */
    int onlyWinner(String won, String lost) {
        onlyThese(Set.of(won, lost));
        List<Integer> winners = callersTold(won);
        assertThat(winners).as("callers told %s, of %s", won, words).hasSize(1);
        return winners.get(0);
    }

    /** Asserts that nobody was told anything else. */
    void onlyThese(Set<String> expected) {
        assertThat(words).as("answers").allSatisfy(word -> assertThat(word).isIn(expected));
    }

    private static String word(@Nullable Object value) {
        if (value instanceof String word) {
            return word;
        }
        if (value instanceof UnitOutcome.Refused refused) {
            return "REFUSED " + word(refused.outcome());
        }
        if (value instanceof UnitOutcome.Committed) {
            return "COMMITTED";
        }
        return value instanceof Outcome outcome ? word(outcome) : DONE;
    }

    private static String word(Outcome outcome) {
        if (outcome instanceof ConsumeOutcome<?> consumed) {
            return consumed.kind().name();
        }
        if (outcome instanceof DecisionOutcome decided) {
            return decided.kind().name();
        }
        if (outcome instanceof RevokeOutcome<?> revoked) {
            return revoked.kind().name();
        }
        if (outcome instanceof RotateOutcome rotated) {
            return rotated.kind().name();
        }
        if (outcome instanceof PollOutcome.SlowDown slowDown) {
            return "SLOW_DOWN " + slowDown.newInterval();
        }
        if (outcome instanceof ThrottleCount counted) {
            return COUNTED + counted.count();
        }
        return outcome instanceof PollOutcome polled ? polled.kind().name() : outcome.toString();
    }

    private static String word(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof DuplicateRowException duplicate) {
            return "DuplicateRowException " + duplicate.key();
        }
        // The message of a failure that no race expects is what its reader needs.
        return cause instanceof StorageException && !(cause instanceof io.qscope.store.StorageUnavailableException)
                ? cause.getClass().getSimpleName()
                : cause.toString().replace('\n', ' ');
    }
}
