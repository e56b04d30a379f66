package io.qscope.spring;

import org.jspecify.annotations.Nullable;

/** The application cannot start: what is wrong with its settings or its database, and what to do. */
final class QscopeSetupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String action;

    QscopeSetupException(String problem, String action, @Nullable Throwable cause) {
        super(problem, cause);
        this.action = action;
    }

    String action() {
        return action;
    }
}
