package io.qscope.engine;

import io.qscope.store.CallOutcome;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DecisionOutcome;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.InvalidRowException;
import io.qscope.store.MissingReferenceException;
import io.qscope.store.PollOutcome;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.RevokedAuthorizationException;
import io.qscope.store.RotateOutcome;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.StaleRowException;
import io.qscope.store.StorageCorruptedException;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.UnitOutcome;
import org.jspecify.annotations.Nullable;

/** The word for an answer. */
final class Outcomes {

    private Outcomes() {}

    static CallOutcome ofAnswer(@Nullable Object answer) {
        if (answer instanceof UnitOutcome.Refused refused) {
            return ofAnswer(refused.outcome());
        }
        Enum<?> kind = kind(answer);
        return kind == null ? CallOutcome.OK : CallOutcome.valueOf(kind.name());
    }

    /** Of the outcomes that have no kind, all are the same: done. */
    private static @Nullable Enum<?> kind(@Nullable Object answer) {
        if (answer instanceof ConsumeOutcome<?> outcome) {
            return outcome.kind();
        }
        if (answer instanceof RotateOutcome outcome) {
            return outcome.kind();
        }
        if (answer instanceof DecisionOutcome outcome) {
            return outcome.kind();
        }
        if (answer instanceof PollOutcome outcome) {
            return outcome.kind();
        }
        return answer instanceof RevokeOutcome<?> outcome ? outcome.kind() : null;
    }

    static CallOutcome ofFailure(Throwable failure) {
        if (failure instanceof StorageUnavailableException unavailable) {
            return unavailable.outcomeUnknown() ? CallOutcome.OUTCOME_UNKNOWN : CallOutcome.UNAVAILABLE;
        }
        if (failure instanceof DuplicateRowException) {
            return CallOutcome.DUPLICATE_ROW;
        }
        if (failure instanceof RowNotFoundException) {
            return CallOutcome.ROW_NOT_FOUND;
        }
        if (failure instanceof MissingReferenceException) {
            return CallOutcome.MISSING_REFERENCE;
        }
        if (failure instanceof RevokedAuthorizationException) {
            return CallOutcome.REVOKED_AUTHORIZATION;
        }
        if (failure instanceof StaleRowException) {
            return CallOutcome.STALE_ROW;
        }
        if (failure instanceof InvalidRowException) {
            return CallOutcome.INVALID_ROW;
        }
        if (failure instanceof StorageCorruptedException) {
            return CallOutcome.CORRUPTED;
        }
        return failure instanceof UnsupportedOperationException ? CallOutcome.APPEND_ONLY : CallOutcome.UNFORESEEN;
    }
}
