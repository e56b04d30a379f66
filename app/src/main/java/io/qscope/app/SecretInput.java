package io.qscope.app;

import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Reads a secret: from a terminal without showing it, else from the standard input. Never from an argument, which every process
 * of the machine could read.
 */
public final class SecretInput {

    private static final int MOST_BYTES = 10_000;

    private SecretInput() {}

    /**
     * Reads it, without the line's end.
     *
     * @param what it is, for the prompt and for errors
     * @throws WrongUsage when there is none, or far too much
     */
    public static String read(String what, CommandSpec command) {
        Console terminal = ConfirmOption.terminal();
        String secret = terminal != null ? fromTerminal(terminal, what) : fromStandardInput(what, command);
        if (secret.isBlank()) {
            throw new WrongUsage(
                    command.commandLine(), "the " + what + " is expected on the standard input, and nothing came");
        }
        return secret;
    }

    private static String fromTerminal(Console terminal, String what) {
        char[] typed = terminal.readPassword("%s (not shown): ", what);
        return typed == null ? "" : new String(typed);
    }

    private static String fromStandardInput(String what, CommandSpec command) {
        try {
            byte[] bytes = System.in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new WrongUsage(
                        command.commandLine(), "the " + what + " on the standard input is longer than any is");
            }
            return new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\r?\\n$", "");
        } catch (IOException e) {
            throw new UncheckedIOException("the standard input cannot be read", e);
        }
    }
}
