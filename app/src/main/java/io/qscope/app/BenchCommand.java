package io.qscope.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Stands for the benchmark among the commands. It brings libraries that this jar is not to carry, so it is a jar of its own, which
 * the launcher runs instead of this one.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        versionProvider = Qscope.Version.class,
        description = "Measures qscope beside JDBC and Spring Authorization Server, in a clone of the project.")
final class BenchCommand implements Runnable {

    private BenchCommand() {}

    /** Takes whatever options the benchmark has. */
    static CommandLine commandLine() {
        return new CommandLine(new BenchCommand()).setUnmatchedArgumentsAllowed(true);
    }

    @Override
    public void run() {
        throw new CommandFailure(
                "the benchmark is not in this jar; run ./qscope bench in a clone of the project", null);
    }
}
