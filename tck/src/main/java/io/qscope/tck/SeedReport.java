package io.qscope.tck;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Adds to a failure how to repeat it. */
final class SeedReport implements TestExecutionExceptionHandler {

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        if (context.getRequiredTestInstance() instanceof ContractGroup group) {
            failure.addSuppressed(new Seed("repeat with -D" + StorageContract.SEED_PROPERTY + "="
                    + group.kit().seed()));
        }
        throw failure;
    }

    private static final class Seed extends Exception {

        private static final long serialVersionUID = 1L;

        Seed(String howToRepeat) {
            super(howToRepeat, null, false, false);
        }
    }
}
