"""What runs apart from the portal: files of strangers, opened in a process of their own and written anew.

Nothing here imports Django. The portal starts ``python -m red_genero.common.rewriting`` with little memory and little
time for each file (``red_genero.common.intake``), so that what breaks a parser breaks only that process.
"""
