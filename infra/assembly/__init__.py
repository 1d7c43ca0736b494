"""The tenant's one template, joined from template.yaml and the rooms' functions/<capability>/stack.yaml.

    python -m infra.assembly        # writes .local/template.yaml, which `sam build` gets

A room's stack.yaml is plain SAM under ``Resources:`` and ``Outputs:``; besides, it may say ``HrNotices:``, the events
HR is mailed about. What the assembler adds is what would otherwise be said again and again (completing.py), and it
refuses what CloudFormation would find out late or never (checking.py), each with the file and the line.
"""
