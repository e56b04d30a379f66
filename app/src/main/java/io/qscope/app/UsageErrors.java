package io.qscope.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells wrong usage in one line, and where to read on. No argument is repeated, whatever it looks like: it may be a secret that
 * was typed where none is read, and what is printed ends up in logs. So only {@link WrongUsage} is told in its own words;
 * picocli's messages, which quote, are worded anew.
 */
record UsageErrors(Console console) implements IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        console.error(words(wrong, args));
        if (wrong instanceof WrongUsage) {
            console.trace(wrong);
        }
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        if (!UnmatchedArgumentException.printSuggestions(wrong, err)) {
            err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return ExitCode.USAGE;
    }

    private static String words(ParameterException wrong, String[] args) {
        if (wrong instanceof WrongUsage) {
            return String.valueOf(wrong.getMessage());
        }
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched.getUnmatched(), args);
        }
        if (wrong instanceof MissingParameterException missing) {
            return "missing: "
                    + missing.getMissing().stream().map(UsageErrors::name).collect(Collectors.joining(", "));
        }
        if (wrong instanceof OverwrittenOptionException twice) {
            return name(twice.getOverwritten()) + " may be given once only";
        }
        ArgSpec misread = wrong.getArgSpec();
        if (misread != null) {
            return misread(misread);
        }
        return "wrong arguments, not repeated here: one may be a secret";
    }

    private static String misread(ArgSpec misread) {
        return misread instanceof OptionSpec option && misread.arity().max() == 0
                ? option.longestName() + " takes no value"
                : "wrong value for " + name(misread) + ": expected " + expected(misread.type());
    }

    /** Where it stands says which one is meant. */
    private static String unmatched(List<String> unmatched, String[] args) {
        int place = unmatched.isEmpty() ? 0 : Arrays.asList(args).lastIndexOf(unmatched.get(0)) + 1;
        return (place == 0 ? "an argument" : "argument " + place)
                + " does not belong there; it is not repeated here, since it may be a secret";
    }

    private static String name(ArgSpec arg) {
        return arg instanceof OptionSpec option ? option.longestName() + " " + arg.paramLabel() : arg.paramLabel();
    }

    private static String expected(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return "a whole number, at most " + Integer.MAX_VALUE;
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == Instant.class) {
            return TimeOption.EXPECTED;
        }
        return type == Path.class ? "a file's path" : "another one, see --help";
    }
}
