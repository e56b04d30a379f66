package io.qscope.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells whoever starts an application what is wrong and what to do, in place of a stack trace. */
final class QscopeSetupFailureAnalyzer extends AbstractFailureAnalyzer<QscopeSetupException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, QscopeSetupException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
    }
}
