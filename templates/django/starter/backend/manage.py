#!/usr/bin/env python3
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line
    from django.core.management.commands.runserver import Command as RunServer

    # `jwt-dev up` says where the server shall listen.
    RunServer.default_port = os.environ.get("PORT", RunServer.default_port)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
